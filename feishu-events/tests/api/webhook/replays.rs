//! A request that is sent again, by the platform or by somebody who has intercepted it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use feishu_events::callback::{CardActionTriggerResponse, Toast};
use feishu_events::testing::EventRequest;
use feishu_events::{
    Dispatcher, EventType, State, Webhook, WebhookBuilder, card, dispatcher, feishu_handler,
};
use http::{HeaderMap, HeaderValue, Request};
use sha2::{Digest, Sha256};

use super::{KEY, TOKEN, created, secured};

type Configure = fn(WebhookBuilder) -> WebhookBuilder;

/// Signs a request as if it had been so many seconds ago, or ahead.
fn signed(request: EventRequest, seconds_ago: i64) -> Request<bytes::Bytes> {
    let mut request = request.into_http();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let timestamp = i64::try_from(now.as_secs()).unwrap() - seconds_ago;
    let timestamp = timestamp.to_string();
    let mut hash = Sha256::new();
    for part in [timestamp.as_bytes(), b"1", KEY.as_bytes(), request.body()] {
        hash.update(part);
    }
    let hash = hash.finalize();
    let signature = hash.iter().fold(String::new(), |mut hex, byte| {
        hex += &format!("{byte:02x}");
        hex
    });
    let headers = request.headers_mut();
    for (name, value) in [
        ("x-lark-request-timestamp", timestamp.as_str()),
        ("x-lark-request-nonce", "1"),
        ("x-lark-signature", &signature),
    ] {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    request
}

fn click() -> EventRequest {
    let click = EventRequest::from_sample(EventType::CardActionTrigger).unwrap();
    click.token(TOKEN).encrypt_key(KEY)
}

async fn status(webhook: &Webhook, request: &Request<bytes::Bytes>) -> u16 {
    let response = webhook.handle(request.headers(), request.body()).await;
    response.status().as_u16()
}

const HOUR: i64 = 60 * 60;

#[tokio::test]
async fn a_request_that_was_signed_too_long_ago_is_refused() {
    let webhook = secured().build().unwrap();
    for (seconds_ago, event, callback) in [
        (0, 200, 200),
        (50 * 60, 200, 200),
        // The clock of the platform, or this one, may be wrong.
        (-50 * 60, 200, 200),
        (70 * 60, 200, 401),
        // The platform's last attempt comes after 7 h 5 min 15 s.
        (7 * HOUR + 30 * 60, 200, 401),
        (8 * HOUR + 30 * 60, 401, 401),
        (30 * 24 * HOUR, 401, 401),
        (-2 * HOUR, 401, 401),
    ] {
        let request = signed(created("x"), seconds_ago);
        assert_eq!(status(&webhook, &request).await, event, "{seconds_ago}");
        let request = signed(click(), seconds_ago);
        assert_eq!(status(&webhook, &request).await, callback, "{seconds_ago}");
    }
}

#[tokio::test]
async fn how_old_a_request_may_be_can_be_changed() {
    const MINUTE: Duration = Duration::from_secs(60);
    let month_ago = 30 * 24 * HOUR;
    let any = |builder: WebhookBuilder| builder.max_age(None).max_callback_age(None);
    let strict = |builder: WebhookBuilder| builder.max_age(5 * MINUTE);
    let callbacks = |builder: WebhookBuilder| builder.max_callback_age(5 * MINUTE);
    let cases: [(Configure, i64, u16, u16); 4] = [
        (any, month_ago, 200, 200),
        (strict, 10 * 60, 401, 401),
        (callbacks, 10 * 60, 200, 401),
        (callbacks, 4 * 60, 200, 200),
    ];
    for (build, seconds_ago, event, callback) in cases {
        let webhook = build(secured()).build().unwrap();
        let request = signed(created("x"), seconds_ago);
        assert_eq!(status(&webhook, &request).await, event, "{seconds_ago}");
        let request = signed(click(), seconds_ago);
        assert_eq!(status(&webhook, &request).await, callback, "{seconds_ago}");
    }
}

#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

#[feishu_handler("card.action.trigger")]
fn on_click(_: &card::ActionTrigger, State(calls): State<Calls>) -> CardActionTriggerResponse {
    let number = calls.0.fetch_add(1, Ordering::SeqCst);
    CardActionTriggerResponse::default().toast(Toast::success(format!("click {number}")))
}

#[tokio::test]
async fn a_click_that_is_sent_a_hundred_times_is_handled_once_and_answered_each_time() {
    let calls = Calls::default();
    let dispatcher: Dispatcher = dispatcher![on_click].state(calls.clone());
    let webhook = Webhook::builder(dispatcher).encrypt_key(KEY);
    let webhook = webhook.build().unwrap();
    let (head, body) = click().into_http().into_parts();
    let send = async |headers: &HeaderMap| webhook.handle(headers, &body).await.into_body();
    let first = send(&head.headers).await;
    assert!(
        first.starts_with(br#"{"toast":{"content":"click 0""#),
        "{first:?}"
    );
    for _ in 0..100 {
        assert_eq!(send(&head.headers).await, first);
    }
    assert_eq!(calls.0.load(Ordering::SeqCst), 1);
    // Another click is another.
    let second = click().send_to(&webhook).await.into_body();
    assert_ne!(second, first);
}
