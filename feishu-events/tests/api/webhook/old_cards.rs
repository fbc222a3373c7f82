//! The callbacks of old cards, signed with the verification token.

use feishu_events::callback::JsonResponse;
use feishu_events::testing::EventRequest;
use feishu_events::{DeliveryOptions, EventType, State, Webhook, card, dispatcher, feishu_handler};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::{KEY, TOKEN, created, on_created};

#[feishu_handler("card.action.trigger_v1")]
fn on_old_click(
    click: card::CardActionTriggerV1,
    State(clicks): State<super::Clicks>,
) -> JsonResponse<Value> {
    let number = clicks.next();
    let action = click.action.unwrap_or_default();
    JsonResponse(json!({ "header": { "title": action.option, "number": number } }))
}

fn handlers() -> feishu_events::Dispatcher {
    let clicks = super::Clicks::default();
    let old = dispatcher![on_old_click].state(clicks);
    old.merge(dispatcher![on_created]).unwrap()
}

fn old_click(option: &str) -> EventRequest {
    let click = EventRequest::from_sample(EventType::CardActionTriggerV1).unwrap();
    click.token(TOKEN).set("action.option", option)
}

async fn answer(webhook: &Webhook, request: EventRequest) -> String {
    let response = request.send_to(webhook).await;
    let status = response.status();
    format!(
        "{} {}",
        status.as_u16(),
        String::from_utf8_lossy(response.body())
    )
}

#[tokio::test]
async fn one_webhook_receives_old_cards_and_events_if_it_has_both_secrets() {
    let webhook = Webhook::builder(handlers())
        .encrypt_key(KEY)
        .verification_token(TOKEN)
        .build()
        .unwrap();
    let old = answer(&webhook, old_click("tea")).await;
    assert_eq!(old, r#"200 {"header":{"number":0,"title":"tea"}}"#);
    let new = answer(&webhook, created("x")).await;
    assert_eq!(new, r#"200 {"msg":"success"}"#);
    let check = EventRequest::challenge("c").token(TOKEN);
    assert_eq!(answer(&webhook, check).await, r#"200 {"challenge":"c"}"#);
    for forged in [
        old_click("tea").token("another"),
        created("x").encrypt_key("another"),
    ] {
        assert_eq!(answer(&webhook, forged).await, r#"401 {"msg":"refused"}"#);
    }
}

#[tokio::test]
async fn a_token_alone_suffices_for_old_cards() {
    for only_cards in [true, false] {
        let builder = Webhook::builder(handlers()).verification_token(TOKEN);
        let builder = if only_cards {
            builder.legacy_cards()
        } else {
            builder
        };
        let webhook = builder.build().unwrap();
        let old = answer(&webhook, old_click("tea")).await;
        assert!(old.starts_with("200 {\"header\""), "{old}");
        let unsigned = EventRequest::from_sample(EventType::ContactUserCreatedV3).unwrap();
        let unsigned = unsigned.token(TOKEN).send_to(&webhook).await;
        assert_eq!(unsigned.status(), if only_cards { 401 } else { 200 });
    }
}

#[tokio::test]
async fn an_old_click_that_is_sent_again_gets_the_first_answer() {
    let builder = Webhook::builder(handlers()).verification_token(TOKEN);
    let webhook = builder.build().unwrap();
    let (head, body) = old_click("tea").into_http().into_parts();
    let first = webhook.handle(&head.headers, &body).await.into_body();
    let again = webhook.handle(&head.headers, &body).await.into_body();
    assert_eq!(first, again);
    let next = answer(&webhook, old_click("tea")).await;
    assert_eq!(next, r#"200 {"header":{"number":1,"title":"tea"}}"#);
}

#[tokio::test]
async fn what_was_signed_with_the_token_is_nothing_but_an_old_card() {
    let webhook = Webhook::builder(handlers())
        .encrypt_key(KEY)
        .verification_token(TOKEN)
        .delivery(DeliveryOptions::new())
        .max_age(None)
        .max_callback_age(None)
        .build()
        .unwrap();
    let signed = [
        ("x-lark-request-timestamp", "1699430400"),
        ("x-lark-request-nonce", "1"),
        // The SHA-1 of `16994304001`, the token and the body.
        (
            "x-lark-signature",
            "81b8ac41ffa04bd36283c9e8c6f4998758129fae",
        ),
    ];
    let headers: HeaderMap = signed
        .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
        .into_iter()
        .collect();
    let click = br#"{"action":{"option":"tea"}}"#;
    let response = webhook.handle(&headers, click).await;
    assert_eq!(*response.body(), r#"{"header":{"number":0,"title":"tea"}}"#);
    let other = br#"{"action":{"option":"milk"}}"#;
    assert_eq!(webhook.handle(&headers, other).await.status(), 401);
}
