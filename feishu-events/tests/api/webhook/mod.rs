//! A webhook as its users see it: requests in, responses out.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use feishu_events::callback::JsonResponse;
use feishu_events::testing::{EventRequest, encrypted_request, sample};
use feishu_events::{
    Context, DeliveryOptions, Dispatcher, EventType, Protocol, Transport, UnhandledPolicy, Webhook,
    WebhookBuilder, contact, dispatcher, feishu_handler,
};
use http::Method;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tower_service::Service;

mod bodies;
mod old_cards;
mod replays;
mod samples;
mod secrets;
mod status;

const KEY: &str = "an invented encrypt key";
const TOKEN: &str = "an invented verification token";

#[feishu_handler("contact.user.created_v3")]
async fn on_created(event: contact::UserCreatedV3, context: Context) -> Result<(), String> {
    assert_eq!(context.delivery.transport, Transport::Webhook);
    let user = event.object.unwrap_or_default();
    match user.name.as_deref() {
        Some("fail") => Err("asked to".to_owned()),
        Some("panic") => panic!("asked to"),
        Some("sleep") => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Counts clicks.
#[derive(Clone, Default)]
struct Clicks(Arc<AtomicUsize>);

impl Clicks {
    fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

fn handlers() -> Dispatcher {
    dispatcher![on_created]
}

fn secured() -> WebhookBuilder {
    Webhook::builder(handlers())
        .encrypt_key(KEY)
        .verification_token(TOKEN)
}

fn created(name: &str) -> EventRequest {
    EventRequest::new(&sample::<contact::UserCreatedV3>())
        .set("object.name", name)
        .token(TOKEN)
        .encrypt_key(KEY)
}

#[tokio::test(start_paused = true)]
async fn the_status_tells_the_platform_whether_to_send_again() {
    let webhook = secured().build().unwrap();
    for (name, status) in [("fine", 200), ("fail", 500), ("panic", 500), ("sleep", 200)] {
        let response = created(name).send_to(&webhook).await;
        assert_eq!(response.status(), status, "{name}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_string_fits_nothing_even_if_it_is_signed() {
    let webhook = secured().build().unwrap();
    let v2 = r#"{"schema":"2.0","header":{"event_id":"1","event_type":"contact.user.created_v3",
        "token":TOKEN},"event":{}}"#;
    let v1 = r#"{"uuid":"2","token":TOKEN,"type":"event_callback","event":{"type":"user_add"}}"#;
    for template in [v2, v1] {
        for token in ["7", "{}", &format!("[\"{TOKEN}\"]"), "\"another\""] {
            let json = template.replace("TOKEN", token);
            let request = EventRequest::recorded(json).encrypt_key(KEY);
            assert_eq!(request.send_to(&webhook).await.status(), 401, "{token}");
        }
        for token in ["null", &format!("\"{TOKEN}\"")] {
            let json = template.replace("TOKEN", token);
            let request = EventRequest::recorded(json).encrypt_key(KEY);
            assert_eq!(request.send_to(&webhook).await.status(), 200, "{token}");
        }
    }
}

#[tokio::test]
async fn a_name_cut_off_within_an_emoji_does_not_cost_the_event() {
    let webhook = secured().build().unwrap();
    let deep = "[".repeat(200) + &"]".repeat(200);
    for (name, status) in [
        (r#""fail \ud83d""#, 200),
        (r#""fine","x":1e999"#, 200),
        (&deep, 500),
    ] {
        let json = format!(
            r#"{{"schema":"2.0","header":{{"event_type":"contact.user.created_v3"}},
            "event":{{"object":{{"name":{name}}}}}}}"#
        );
        let request = EventRequest::recorded(json).encrypt_key(KEY);
        assert_eq!(request.send_to(&webhook).await.status(), status, "{name}");
    }
}

#[tokio::test]
async fn a_check_of_the_url_is_answered_plain_and_encrypted() {
    let webhook = secured().build().unwrap();
    let challenge = EventRequest::challenge("a \"quoted\" \\ one").token(TOKEN);
    for request in [challenge.clone(), challenge.clone().encrypt_key(KEY)] {
        let response = request.send_to(&webhook).await;
        assert_eq!(response.status(), 200);
        assert_eq!(*response.body(), r#"{"challenge":"a \"quoted\" \\ one"}"#);
    }
    let foreign = challenge.token("another token").send_to(&webhook).await;
    assert_eq!(foreign.status(), 401);
}

#[tokio::test]
async fn what_is_unsigned_is_looked_into_only_if_it_is_small() {
    let with_key = Webhook::builder(handlers())
        .encrypt_key(KEY)
        .build()
        .unwrap();
    let builder = Webhook::builder(handlers()).verification_token(TOKEN);
    let with_token = builder.build().unwrap();
    for (size, status) in [(1000, 200), (4096, 401)] {
        let challenge = EventRequest::challenge(&"c".repeat(size)).token(TOKEN);
        let encrypted = challenge.clone().encrypt_key(KEY);
        for request in [challenge.clone(), encrypted] {
            assert_eq!(request.send_to(&with_key).await.status(), status, "{size}");
        }
        // Without a key nothing is signed.
        assert_eq!(challenge.send_to(&with_token).await.status(), 200, "{size}");
    }
}

#[tokio::test]
async fn a_stranger_gets_in_with_neither_secret_nor_learns_which_was_wrong() {
    let webhook = secured().build().unwrap();
    let forgeries = [
        EventRequest::new(&sample::<contact::UserCreatedV3>()),
        EventRequest::new(&sample::<contact::UserCreatedV3>()).token(TOKEN),
        created("wrong key").encrypt_key("another key"),
        created("wrong token").token("another token"),
    ];
    let mut answers = Vec::new();
    for forgery in forgeries {
        let response = forgery.send_to(&webhook).await;
        assert_eq!(response.status(), 401);
        answers.push(response.into_body());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the answers differ: {answers:?}");
}

#[tokio::test]
async fn with_a_token_only_every_event_must_carry_it() {
    let builder = Webhook::builder(handlers()).verification_token(TOKEN);
    let webhook = builder.build().unwrap();
    let event = EventRequest::new(&sample::<contact::UserCreatedV3>());
    for (request, status) in [
        (event.clone().token(TOKEN), 200),
        (event.clone().token("another token"), 401),
        (event, 401),
    ] {
        assert_eq!(request.send_to(&webhook).await.status(), status);
    }
}

#[tokio::test]
async fn while_secrets_are_replaced_both_are_good() {
    let builder = secured().encrypt_key("the new key");
    let webhook = builder.verification_token("the new token").build().unwrap();
    for (key, token) in [(KEY, TOKEN), ("the new key", "the new token")] {
        let request = created("x").encrypt_key(key).token(token);
        assert_eq!(request.send_to(&webhook).await.status(), 200);
        let challenge = EventRequest::challenge("c").token(token).encrypt_key(key);
        assert_eq!(challenge.send_to(&webhook).await.status(), 200);
    }
}

#[feishu_handler("profile.view.get", payload = Value)]
fn on_profile(profile: &Value) -> Result<JsonResponse<Value>, String> {
    let name = profile.get("name").ok_or("nobody")?;
    Ok(JsonResponse(json!([name])))
}

#[tokio::test]
async fn a_callback_without_a_response_type_is_answered_with_json_of_ones_own() {
    let builder = Webhook::builder(dispatcher![on_profile]);
    let webhook = builder.verification_token(TOKEN).build().unwrap();
    for (payload, status, body) in [
        (json!({ "name": "Ada" }), 200, r#"["Ada"]"#),
        (json!({}), 500, r#"{"msg":"failed"}"#),
    ] {
        let request = EventRequest::from_json("profile.view.get", Protocol::V2, payload);
        let response = request.token(TOKEN).send_to(&webhook).await;
        assert_eq!(
            (response.status().as_u16(), &**response.body()),
            (status, body.as_bytes())
        );
    }
}

#[tokio::test]
async fn both_protocols_and_all_events_pass() {
    let webhook = secured().build().unwrap();
    // Old cards' callbacks come to a URL of their own.
    let all = EventType::ALL.iter();
    for event_type in all.filter(|it| **it != EventType::CardActionTriggerV1) {
        let request = EventRequest::from_sample(*event_type).unwrap();
        let response = request
            .token(TOKEN)
            .encrypt_key(KEY)
            .send_to(&webhook)
            .await;
        assert_eq!(response.status(), 200, "{event_type}");
    }
}

#[tokio::test]
async fn events_without_handler_are_acknowledged_and_counted_or_refused() {
    let webhook = secured().build().unwrap();
    let unknown = EventRequest::from_json("acme.thing.done_v1", Protocol::V2, json!({}));
    let unknown = unknown.token(TOKEN).encrypt_key(KEY);
    for _ in 0..2 {
        assert_eq!(unknown.clone().send_to(&webhook).await.status(), 200);
    }
    let counts: Vec<_> = webhook.unhandled().into_iter().collect();
    assert_eq!(counts, [("acme.thing.done_v1".to_owned(), 2)]);

    let options = DeliveryOptions::new().unhandled(UnhandledPolicy::Refuse);
    let refusing = secured().delivery(options).build().unwrap();
    assert_eq!(unknown.send_to(&refusing).await.status(), 503);
}

#[tokio::test(start_paused = true)]
async fn what_is_acknowledged_and_fails_later_is_told() {
    let late = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&late);
    let options = DeliveryOptions::new()
        .ack(feishu_events::Ack::OnReceipt)
        .on_late_failure(move |failure| {
            assert_eq!(failure.event_type, "contact.user.created_v3");
            counted.fetch_add(1, Ordering::SeqCst);
        });
    let webhook = secured().delivery(options).build().unwrap();
    assert_eq!(created("fail").send_to(&webhook).await.status(), 200);
    assert_eq!(created("panic").send_to(&webhook).await.status(), 200);
    let drained = webhook.shut_down(Duration::from_secs(1)).await;
    assert!(drained.cut_off.is_empty());
    assert_eq!(late.load(Ordering::SeqCst), 2);
    assert_eq!(created("x").send_to(&webhook).await.status(), 503);
}

#[tokio::test]
async fn secrets_and_payloads_do_not_print_themselves() {
    let builder = secured();
    let webhook = builder.clone().build().unwrap();
    let shown = format!("{builder:?} {webhook:?} {:?}", created("x"));
    assert!(!shown.contains(KEY) && !shown.contains(TOKEN), "{shown}");
}

#[tokio::test]
async fn as_a_service_it_takes_posts_only() {
    let mut webhook = secured().build().unwrap();
    let mut request = encrypted_request(KEY, b"{}").map(Full::new);
    *request.method_mut() = Method::GET;
    let response = webhook.call(request).await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "POST");
    let response = webhook.call(created("x").into_http().map(Full::new)).await;
    let response = response.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"msg":"success"}"#);
}
