//! The handlers that the tests and the vectors presume.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::callback::{CardActionTriggerResponse, Toast, ToastKind};
use crate::{Context, State, card, feishu_handler, im};

/// What the handlers did.
#[derive(Debug, Clone)]
pub(super) struct Seen(pub(super) mpsc::UnboundedSender<String>);

impl Seen {
    pub(super) fn new() -> (Self, mpsc::UnboundedReceiver<String>) {
        let (tell, calls) = mpsc::unbounded_channel();
        (Self(tell), calls)
    }

    fn note(&self, id: &str) {
        // Nobody may be listening any more.
        drop(self.0.send(id.to_owned()));
    }
}

/// Waits or fails as the event says.
#[feishu_handler("test.plain_v1", payload = Value)]
async fn on_plain(event: Value, context: Context, State(seen): State<Seen>) -> Result<(), String> {
    let id = context.header.event_id.unwrap_or_default();
    let wait = event["wait_ms"].as_u64().unwrap_or(0);
    if wait > 0 {
        seen.note(&format!("{id} begins"));
        sleep(Duration::from_millis(wait)).await;
    }
    seen.note(&id);
    match event["fails"].as_bool() {
        Some(true) => Err("as the event says".to_owned()),
        _ => Ok(()),
    }
}

/// A payload whose reading panics.
pub(super) struct Trap;

impl<'de> serde::Deserialize<'de> for Trap {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("as the test wants it")
    }
}

#[feishu_handler("test.trap_v1", payload = Trap)]
fn on_trap(_: Trap, State(seen): State<Seen>) {
    seen.note("the trap was read");
}

#[feishu_handler("im.message.receive_v1")]
fn on_message(_: im::MessageReceiveV1, context: &Context, State(seen): State<Seen>) {
    seen.note(context.header.event_id.as_deref().unwrap_or_default());
}

#[feishu_handler("message", payload = Value)]
fn on_old_message(context: &Context, State(seen): State<Seen>) {
    seen.note(context.header.event_id.as_deref().unwrap_or_default());
}

#[feishu_handler("card.action.trigger")]
fn on_click(
    _: card::ActionTrigger,
    context: &Context,
    State(seen): State<Seen>,
) -> CardActionTriggerResponse {
    seen.note(context.header.event_id.as_deref().unwrap_or_default());
    CardActionTriggerResponse::default().toast(Toast::new(ToastKind::Info, "ok"))
}

#[feishu_handler("card.action.trigger_v1", payload = Value)]
fn on_old_click(event: &Value, State(seen): State<Seen>) {
    seen.note(event["token"].as_str().unwrap_or_default());
}

pub(super) fn dispatcher(seen: Seen) -> crate::Dispatcher {
    crate::dispatcher![
        on_plain,
        on_trap,
        on_message,
        on_old_message,
        on_click,
        on_old_click
    ]
    .state(seen)
}
