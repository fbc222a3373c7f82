//! What is logged of requests that are refused.

use http::{HeaderMap, HeaderValue, Request};
use serde_json::json;

use super::check::explain;
use super::{Refusal, Webhook};
use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::test_support::log::Warnings;
use crate::testing::{EventRequest, encrypted_request};
use crate::webhook::crypto::{Signed, card_signature};
use crate::{WebhookBuilder, dispatcher};

const KEY: &str = "an invented encrypt key";
const TOKEN: &str = "an invented verification token";

fn with(configure: impl FnOnce(WebhookBuilder) -> WebhookBuilder) -> Webhook {
    configure(Webhook::builder(dispatcher![])).build().unwrap()
}

fn with_key() -> Webhook {
    with(|builder| builder.encrypt_key(KEY))
}

fn with_token() -> Webhook {
    with(|builder| builder.verification_token(TOKEN))
}

fn event() -> EventRequest {
    let payload = json!({ "name": "x" });
    EventRequest::from_json("acme.thing.done_v1", Protocol::V2, payload).token(TOKEN)
}

fn old_card() -> EventRequest {
    EventRequest::from_sample(EventType::CardActionTriggerV1)
        .unwrap()
        .token(TOKEN)
}

/// Why a request is refused, in words; or an empty text.
fn cause(webhook: &Webhook, headers: &HeaderMap, body: &[u8]) -> String {
    let received = webhook.0.receive(headers, body).map(drop);
    let refusal = received.map_err(|refusal| explain(&webhook.0, refusal, headers, body));
    refusal.err().map_or_else(String::new, |it| it.to_string())
}

fn cause_of(webhook: &Webhook, request: EventRequest) -> String {
    let request = request.into_http();
    cause(webhook, request.headers(), request.body())
}

#[test]
fn a_key_that_is_set_on_one_side_only_is_named() {
    let console_has_none = cause_of(&with_key(), event());
    assert!(
        console_has_none.contains("does the developer console have it too"),
        "{console_has_none}"
    );
    let webhook_has_none = cause_of(&with_token(), event().encrypt_key(KEY));
    assert!(
        webhook_has_none.contains("the webhook has no encrypt key"),
        "{webhook_has_none}"
    );
}

#[tokio::test]
async fn blanks_around_a_key_are_logged_at_once_and_with_each_refusal_that_they_may_cause() {
    let spaced = || with(|builder| builder.encrypt_key(format!("{KEY} ")));
    let build = async || drop(spaced());
    let (warnings, _guard) = Warnings::listen("ends with whitespace", "", build).await;
    let webhook = spaced();
    let logged = warnings.take("ends with whitespace");
    assert_eq!(logged.len(), 1, "{logged:?}");
    assert!(!logged[0].contains(KEY), "{logged:?}");
    let signed = cause_of(&webhook, event().encrypt_key(KEY));
    assert!(signed.contains("ends with whitespace"), "{signed}");
    // A check of the URL is the first that comes, and is not signed.
    for check in 0..32 {
        let check = json!({ "type": "url_verification", "challenge": check.to_string() });
        let request = encrypted_request(KEY, check.to_string().as_bytes());
        let unsigned = cause(&webhook, &HeaderMap::new(), request.body());
        assert!(unsigned.contains("ends with whitespace"), "{unsigned}");
    }
}

#[test]
fn the_cause_of_a_refused_card_is_its_own() {
    let both = with(|builder| builder.encrypt_key(KEY).verification_token(TOKEN));
    assert_eq!(cause_of(&both, old_card()), "");
    let other_token = cause_of(&both, old_card().token("another"));
    assert!(
        other_token.contains("this the token of another app"),
        "{other_token}"
    );
    let other_key = cause_of(&both, event().encrypt_key("another"));
    assert!(
        other_key.contains("the encrypt key of another app"),
        "{other_key}"
    );
    let no_token = cause_of(&with_key(), old_card());
    assert!(no_token.contains("`.verification_token(…)`"), "{no_token}");
    let only_cards = with(|builder| builder.verification_token(TOKEN).legacy_cards());
    let no_key = cause_of(&only_cards, event().encrypt_key(KEY));
    assert!(no_key.contains("`.encrypt_key(…)`"), "{no_key}");
    // With the token alone, nobody can send an event.
    let body = event().json();
    let mut headers = HeaderMap::new();
    let parts = Signed {
        timestamp: b"1699430400",
        nonce: b"1",
        body: body.as_bytes(),
    };
    let signature = String::from_utf8(card_signature(TOKEN, parts).to_vec()).unwrap();
    for (name, value) in [
        ("x-lark-request-timestamp", "1699430400"),
        ("x-lark-request-nonce", "1"),
        ("x-lark-signature", &signature),
    ] {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    let both = with(|builder| {
        let both = builder.encrypt_key(KEY).verification_token(TOKEN);
        both.max_age(None).max_callback_age(None)
    });
    let forged = cause(&both, &headers, body.as_bytes());
    assert!(
        forged.contains("an event that is signed with a verification token"),
        "{forged}"
    );
}

#[test]
fn a_compressed_body_is_named_with_either_secret() {
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0];
    let signed = event().encrypt_key(KEY).into_http();
    for webhook in [with_key(), with_token()] {
        for headers in [signed.headers(), &HeaderMap::new()] {
            let said = cause(&webhook, headers, &gzip);
            assert!(said.contains("the body is compressed"), "{said}");
        }
        let mut headers = signed.headers().clone();
        headers.insert("content-encoding", HeaderValue::from_static("br"));
        let said = cause(&webhook, &headers, b"\x8b\x05\x80");
        assert!(said.contains("the body is compressed"), "{said}");
    }
}

#[test]
fn headers_that_a_proxy_renamed_are_named() {
    for prefix in ["", "http_"] {
        let mut request: Request<_> = event().encrypt_key(KEY).into_http();
        let headers = request.headers_mut();
        for name in ["timestamp", "nonce", "signature"] {
            let name = match name {
                "signature" => "x-lark-signature".to_owned(),
                part => format!("x-lark-request-{part}"),
            };
            let value = headers.remove(&name).unwrap();
            let renamed = prefix.to_owned() + &name.replace('-', "_");
            headers.insert(http::HeaderName::try_from(renamed).unwrap(), value);
        }
        let said = cause(&with_key(), request.headers(), request.body());
        assert!(said.contains("came with `_` in place of `-`"), "{said}");
    }
    // Left out altogether is something else.
    let request = event().encrypt_key(KEY).into_http();
    let said = cause(&with_key(), &HeaderMap::new(), request.body());
    assert!(said.contains("does a proxy drop headers"), "{said}");
}

#[test]
fn an_event_that_is_null_is_named() {
    let v2 = r#"{"schema":"2.0","header":{"event_type":"a.b_v1"},"event":null}"#;
    let v1 = r#"{"type":"event_callback","event":null}"#;
    for json in [v2, v1] {
        let said = cause_of(&with_key(), EventRequest::recorded(json).encrypt_key(KEY));
        assert!(said.contains("`event` is null"), "{said}");
    }
}

/// Is refused for a missing signature.
async fn refused(webhook: &Webhook) {
    let response = webhook.handle(&HeaderMap::new(), b"{}").await;
    assert_eq!(response.status(), 401);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_refusals_is_one_line_a_minute_for_each_cause() {
    let words = "refused a webhook request";
    let says = async || refused(&with_key()).await;
    let (warnings, _guard) = Warnings::listen(words, "left_out", says).await;
    let webhook = with_key();
    for _ in 0..1000 {
        refused(&webhook).await;
        event().encrypt_key("another").send_to(&webhook).await;
    }
    let said = warnings.take(words);
    assert_eq!(said.len(), 2, "{said:?}");
    tokio::time::advance(std::time::Duration::from_secs(60)).await;
    refused(&webhook).await;
    let said = warnings.take(words);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("left_out=999"), "{said:?}");
    assert!(matches!(
        webhook.0.receive(&HeaderMap::new(), b"{}"),
        Err(Refusal::SignatureMissing(_))
    ));
}
