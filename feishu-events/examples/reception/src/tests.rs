//! The app as the platform sees it: requests come in, answers go out, the state changes.

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{EventType, Protocol, Webhook, card, contact, im};
use serde_json::{Value, json};

use crate::app::{self, App};

const KEY: &str = "an invented encrypt key";
const TOKEN: &str = "an invented verification token";

fn reception() -> (App, Webhook) {
    let app = App::default();
    let webhook = app::webhook(app.clone(), KEY, TOKEN).unwrap();
    (app, webhook)
}

/// Sends a request as the platform does; gives the response's status and JSON.
async fn send(webhook: &Webhook, request: EventRequest) -> (u16, Value) {
    let response = request.token(TOKEN).encrypt_key(KEY).send_to(webhook).await;
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    (response.status().as_u16(), body)
}

fn created(open_id: &str, name: &str) -> EventRequest {
    EventRequest::new(&sample::<contact::UserCreatedV3>())
        .set("object.open_id", open_id)
        .set("object.name", name)
}

fn button(value: Value) -> EventRequest {
    EventRequest::new(&sample::<card::ActionTrigger>()).set("action.value", value)
}

#[tokio::test]
async fn somebody_new_is_welcomed_once() {
    let (app, webhook) = reception();
    assert_eq!(send(&webhook, created("ou_ada", "Ada")).await.0, 200);
    assert_eq!(app.directory.name("ou_ada").as_deref(), Some("Ada"));

    let question = EventRequest::new(&sample::<im::MessageReceiveV1>())
        .set("message.content", r#"{"text":"who is new today?"}"#);
    assert_eq!(send(&webhook, question).await.0, 200);
    assert_eq!(app.welcomes.said().await, ["to be welcomed: Ada"]);

    // The value of a button can be an object or a string.
    let welcomed = json!({ "welcomed": "ou_ada" });
    let (_, thanks) = send(&webhook, button(welcomed.clone())).await;
    assert_eq!(thanks["toast"]["type"], "success");
    let (_, late) = send(&webhook, button(welcomed.to_string().into())).await;
    assert_eq!(late["toast"]["content"], "somebody was faster");
    let (_, other) = send(&webhook, button(json!({ "lamp": 3 }))).await;
    assert_eq!(other["toast"]["type"], "error");
}

#[tokio::test]
async fn the_directory_follows_its_events() {
    let (app, webhook) = reception();
    send(&webhook, created("ou_ada", "Ada")).await;
    let renamed = EventRequest::new(&sample::<contact::UserUpdatedV3>())
        .set("object.open_id", "ou_ada")
        .set("object.name", "Ada L.");
    send(&webhook, renamed).await;
    assert_eq!(app.directory.name("ou_ada").as_deref(), Some("Ada L."));
    let gone = EventRequest::new(&sample::<contact::UserDeletedV3>());
    send(&webhook, gone.set("object.open_id", "ou_ada")).await;
    assert_eq!(app.directory.name("ou_ada"), None);
}

#[tokio::test]
async fn an_event_without_what_the_app_needs_is_sent_again() {
    let (app, webhook) = reception();
    let request = EventRequest::new(&contact::UserCreatedV3::default());
    assert_eq!(send(&webhook, request).await.0, 500);
    assert!(app.others.counts().is_empty());
}

#[tokio::test]
async fn whatever_else_arrives_is_counted() {
    let (app, webhook) = reception();
    let known = EventRequest::from_sample(EventType::ImChatDisbandedV1).unwrap();
    let unknown = EventRequest::from_json("acme.thing.done_v1", Protocol::V2, json!({}));
    for request in [known, unknown] {
        assert_eq!(send(&webhook, request).await.0, 200);
    }
    let counts: Vec<(String, u32)> = app.others.counts().into_iter().collect();
    let expected = [("acme.thing.done_v1", 1), ("im.chat.disbanded_v1", 1)];
    assert_eq!(
        counts,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
}
