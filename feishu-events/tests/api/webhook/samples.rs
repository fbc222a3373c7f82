//! Sample events, sent to a webhook that handles each event once.

#![allow(clippy::unused_async)] // as handlers are written

use std::sync::Mutex;

use feishu_events::callback::{self, CardActionTriggerResponse, Toast};
use feishu_events::testing::{EventRequest, sample};
use feishu_events::{
    DeliveryOptions, EventType, HandlerError, MemoryStore, State, Webhook, card, contact,
    dispatcher, feishu_handler, im,
};

/// What reached a handler.
type Seen = std::sync::Arc<Mutex<Vec<String>>>;

#[feishu_handler("im.message.receive_v1")]
async fn on_message(event: im::MessageReceiveV1, State(seen): State<Seen>) {
    let message = event.message.unwrap_or_default();
    assert_eq!(message.message_type.as_deref(), Some("text"));
    seen.lock().unwrap().push(message.message_id.unwrap());
}

#[feishu_handler("contact.user.created_v3")]
async fn on_user(event: contact::UserCreatedV3, State(seen): State<Seen>) {
    let user = event.object.unwrap_or_default();
    seen.lock().unwrap().push(user.open_id.unwrap());
}

fn receiver() -> (Webhook, Seen) {
    let seen = Seen::default();
    let webhook = Webhook::builder(dispatcher![on_message, on_user].state(seen.clone()))
        .encrypt_key("key")
        .delivery(DeliveryOptions::new().dedupe(MemoryStore::new()))
        .build();
    (webhook.unwrap(), seen)
}

async fn send(webhook: &Webhook, request: EventRequest) {
    let response = request.encrypt_key("key").send_to(webhook).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn each_sample_of_each_event_reaches_its_handler() {
    let (webhook, seen) = receiver();
    for event_type in [
        EventType::ImMessageReceiveV1,
        EventType::ContactUserCreatedV3,
    ] {
        for _ in 0..2 {
            send(&webhook, EventRequest::from_sample(event_type).unwrap()).await;
        }
    }
    for _ in 0..2 {
        let message = sample::<im::MessageReceiveV1>();
        send(&webhook, EventRequest::new(&message)).await;
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 6, "{seen:?}");
    let messages: Vec<_> = seen.iter().filter(|id| id.starts_with("om_")).collect();
    assert_eq!(messages.len(), 4, "{seen:?}");
}

#[tokio::test]
async fn a_repetition_is_handled_once() {
    let (webhook, seen) = receiver();
    let message = EventRequest::from_sample(EventType::ImMessageReceiveV1).unwrap();
    let (again, named) = (message.clone(), message.clone().event_id("5e37"));
    for request in [message, again, named.clone(), named] {
        send(&webhook, request).await;
    }
    // By its id it can be sent again from another process, too: what `cargo xtask send` does.
    let elsewhere = EventRequest::from_sample(EventType::ImMessageReceiveV1).unwrap();
    send(&webhook, elsewhere.event_id("5e37")).await;
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[1], "om_5e37");
}

#[tokio::test]
async fn an_id_that_a_test_chose_stays() {
    let (webhook, seen) = receiver();
    let message = EventRequest::from_sample(EventType::ImMessageReceiveV1).unwrap();
    let message = message.set("message.message_id", "om_mine").event_id("e");
    send(&webhook, message).await;
    assert_eq!(*seen.lock().unwrap(), ["om_mine"]);
}

/// As in the guide's page on callbacks.
#[derive(serde::Deserialize)]
struct Decision {
    request: u64,
    approve: bool,
}

#[feishu_handler("card.action.trigger")]
async fn on_click(click: card::ActionTrigger) -> Result<CardActionTriggerResponse, HandlerError> {
    let value = click.action.and_then(|action| action.value);
    let decision: Decision =
        callback::parse_action_value(&value.ok_or("a click without a value")?)?;
    let toast = Toast::success(format!("{} {}", decision.request, decision.approve));
    Ok(CardActionTriggerResponse::default().toast(toast))
}

#[tokio::test]
async fn the_sample_of_a_click_is_one_on_the_guides_card() {
    let webhook = Webhook::builder(dispatcher![on_click]).encrypt_key("key");
    let webhook = webhook.build().unwrap();
    send(
        &webhook,
        EventRequest::from_sample(EventType::CardActionTrigger).unwrap(),
    )
    .await;
}
