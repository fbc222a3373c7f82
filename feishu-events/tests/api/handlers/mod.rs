//! What handlers can take and return, beyond one event: state, fallbacks, callbacks, events of the
//! user's own.

#![allow(clippy::unwrap_used, reason = "a failed test says where")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "handlers may be so"
)]

mod failures;

use std::sync::{Arc, Mutex};

use feishu_events::callback::{CardActionTriggerResponse, CardUpdate, Toast};
use feishu_events::{
    Dispatched, Dispatcher, Event, EventType, FromRef, Header, MergeError, RawEvent, State,
    Transport, callback, card, contact, dispatcher, feishu_handler,
};
use serde_json::{Value, json};

/// Where handlers write down what they got.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[derive(Clone)]
struct App {
    seen: Seen,
}

impl FromRef<App> for Seen {
    fn from_ref(app: &App) -> Self {
        app.seen.clone()
    }
}

#[feishu_handler("contact.user.created_v3")]
fn one(State(app): State<App>, event: &contact::UserCreatedV3) {
    app.seen.note(format!("one {}", event.object.is_some()));
}

#[feishu_handler("contact.user.updated_v3", "contact.department.*")]
async fn several(event: Event, State(seen): State<Seen>, context: feishu_events::Context) {
    tokio::task::yield_now().await;
    assert_eq!(context.delivery.transport, Transport::Direct);
    seen.note(format!("several {}", event.event_type().unwrap()));
}

#[feishu_handler(fallback)]
fn rest(event: RawEvent, seen: State<Seen>) {
    seen.0.note(format!(
        "rest {} {}",
        event.header.event_type,
        event.payload.get()
    ));
}

#[feishu_handler("acme.thing.done_v1", payload = Value)]
async fn custom(State(seen): State<Seen>, thing: Value) {
    seen.note(format!("custom {}", thing["size"]));
}

#[feishu_handler("card.action.trigger")]
async fn on_card(
    request: card::ActionTrigger,
) -> Result<CardActionTriggerResponse, serde_json::Error> {
    let value = request.action.and_then(|action| action.value);
    let value: u32 = callback::parse_action_value(&value.unwrap_or_default())?;
    let toast = Toast::success("lit").i18n("zh_cn", "亮");
    let card = CardUpdate::Raw(json!({ "lamp": value }));
    Ok(CardActionTriggerResponse::default().toast(toast).card(card))
}

#[feishu_handler("url.preview.get")]
fn preview() -> callback::UrlPreviewGetResponse {
    callback::UrlPreviewGetResponse::title("A lamp").url("web", "https://example.com")
}

pub(crate) fn event(event_type: &str, payload: &str) -> Vec<u8> {
    format!(
        r#"{{ "schema": "2.0", "header": {{ "event_type": "{event_type}" }}, "event": {payload} }}"#
    )
    .into_bytes()
}

fn app() -> (Dispatcher, Seen) {
    let seen = Seen::default();
    let state = App { seen: seen.clone() };
    (
        dispatcher![one, several, rest, custom, on_card, preview].state(state),
        seen,
    )
}

#[tokio::test]
async fn each_event_goes_to_the_handler_that_is_nearest() {
    let (dispatcher, seen) = app();
    for (event_type, payload) in [
        ("contact.user.created_v3", r#"{ "object": {} }"#),
        ("contact.user.updated_v3", "{}"),
        ("contact.department.deleted_v3", "{}"),
        ("contact.user.deleted_v3", r#"{"a":1}"#),
        ("acme.other.thing_v1", "{}"),
        ("acme.thing.done_v1", r#"{ "size": 3 }"#),
    ] {
        let outcome = dispatcher
            .dispatch(&event(event_type, payload))
            .await
            .unwrap();
        assert!(matches!(outcome, Dispatched::Handled(_)), "{event_type}");
    }
    assert_eq!(
        seen.taken(),
        [
            "one true",
            "several contact.user.updated_v3",
            "several contact.department.deleted_v3",
            r#"rest contact.user.deleted_v3 {"a":1}"#,
            "rest acme.other.thing_v1 {}",
            "custom 3",
        ]
    );
}

async fn reply(event_type: &str, payload: Value) -> Value {
    let (dispatcher, _) = app();
    let bytes = event(event_type, &payload.to_string());
    let outcome = dispatcher.dispatch(&bytes).await.unwrap();
    let Dispatched::Handled(reply) = outcome else {
        panic!("{outcome:?}")
    };
    serde_json::from_str(reply.json().unwrap()).unwrap()
}

#[tokio::test]
async fn a_callback_is_answered() {
    let expected = json!({
        "toast": { "type": "success", "content": "lit", "i18n": { "zh_cn": "亮" } },
        "card": { "type": "raw", "data": { "lamp": 7 } },
    });
    for value in [json!(7), json!("7")] {
        let request = json!({ "action": { "value": value, "tag": "button" } });
        assert_eq!(reply("card.action.trigger", request).await, expected);
    }
    let expected =
        json!({ "inline": { "title": "A lamp", "url": { "web": "https://example.com" } } });
    assert_eq!(reply("url.preview.get", json!({})).await, expected);
}

#[tokio::test]
async fn merged_dispatchers_share_the_events_and_not_their_fallbacks() {
    #[feishu_handler("contact.user.deleted_v3")]
    fn on_deleted(State(seen): State<Seen>) {
        seen.note("second");
    }

    let (first, seen) = app();
    let second = dispatcher![on_deleted].state(seen.clone());
    let merged = first.clone().merge(second).unwrap();
    for event_type in [
        "contact.user.created_v3",
        "contact.user.deleted_v3",
        "acme.thing.new_v1",
    ] {
        merged.dispatch(&event(event_type, "{}")).await.unwrap();
    }
    assert_eq!(
        seen.taken(),
        ["one false", "second", "rest acme.thing.new_v1 {}"]
    );

    let twice = first.clone().merge(dispatcher![preview]).unwrap_err();
    assert_eq!(twice, MergeError::Event(EventType::UrlPreviewGet));
    assert_eq!(
        twice.to_string(),
        "both dispatchers handle `url.preview.get`"
    );
    assert_eq!(
        first.clone().merge(first).unwrap_err().to_string(),
        "both dispatchers handle `contact.user.created_v3`"
    );
}

#[tokio::test]
async fn an_event_without_handler_is_told() {
    let seen = Seen::default();
    let note = seen.clone();
    let hook = move |header: &Header| note.note(header.event_type.clone());
    let dispatcher: Dispatcher = dispatcher![preview].on_unhandled(hook);
    let outcome = dispatcher
        .dispatch(&event("im.chat.disbanded_v1", "{}"))
        .await
        .unwrap();
    assert!(matches!(outcome, Dispatched::Unhandled { .. }));
    assert_eq!(seen.taken(), ["im.chat.disbanded_v1"]);
}

struct Bot;

impl Bot {
    #[feishu_handler("im.chat.disbanded_v1", on = Bot)]
    fn on_disbanded(State(seen): State<Seen>) {
        seen.note(Self::name());
    }

    fn name() -> &'static str {
        "Bot"
    }
}

#[tokio::test]
async fn an_associated_function_handles_too() {
    let seen = Seen::default();
    let dispatcher = dispatcher![Bot::on_disbanded].state(seen.clone());
    dispatcher
        .dispatch(&event("im.chat.disbanded_v1", "{}"))
        .await
        .unwrap();
    assert_eq!(seen.taken(), ["Bot"]);
}

/// Tries everything once more.
#[derive(Clone)]
struct Once(bool);

impl
    tower::retry::Policy<
        feishu_events::HandlerCall,
        feishu_events::Reply,
        feishu_events::HandlerError,
    > for Once
{
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut feishu_events::HandlerCall,
        result: &mut Result<feishu_events::Reply, feishu_events::HandlerError>,
    ) -> Option<Self::Future> {
        let again = result.is_err() && std::mem::take(&mut self.0);
        again.then(|| std::future::ready(()))
    }

    fn clone_request(
        &mut self,
        call: &feishu_events::HandlerCall,
    ) -> Option<feishu_events::HandlerCall> {
        Some(call.clone())
    }
}

#[tokio::test]
async fn layers_stand_round_each_handler() {
    #[feishu_handler("im.chat.disbanded_v1")]
    fn fails_once(
        State(seen): State<Seen>,
        event: &feishu_events::im::ChatDisbandedV1,
    ) -> Result<(), String> {
        seen.note(event.chat_id.clone().unwrap_or_default());
        let tried = seen.0.lock().unwrap().len();
        if tried == 1 {
            Err("not yet".to_owned())
        } else {
            Ok(())
        }
    }

    #[feishu_handler("im.chat.updated_v1")]
    async fn hangs() {
        std::future::pending::<()>().await;
    }

    let seen = Seen::default();
    let dispatcher: Dispatcher = dispatcher![fails_once, hangs]
        .state(seen.clone())
        .layer(tower::retry::RetryLayer::new(Once(true)))
        .layer(tower::timeout::TimeoutLayer::new(
            std::time::Duration::from_millis(20),
        ));
    assert_eq!(dispatcher.event_types().len(), 2);

    let bytes = event("im.chat.disbanded_v1", r#"{ "chat_id": "oc_1" }"#);
    dispatcher.dispatch(&bytes).await.unwrap();
    assert_eq!(seen.taken(), ["oc_1", "oc_1"]);

    let error = dispatcher
        .dispatch(&event("im.chat.updated_v1", "{}"))
        .await
        .unwrap_err();
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!(cause.to_string(), "request timed out");

    let unhandled = dispatcher
        .dispatch(&event("im.message.recalled_v1", "{}"))
        .await
        .unwrap();
    assert!(matches!(unhandled, Dispatched::Unhandled { .. }));
}
