#![deny(warnings)]

use feishu_events::{Dispatcher, Header, dispatcher, feishu_handler};
use serde_json::Value;

#[feishu_handler("acme.thing.done_v1", payload = std::collections::BTreeMap<String, Value>)]
fn on_thing(_: Header, _: std::collections::BTreeMap<String, Value>) {}

#[feishu_handler("im.chat.disbanded_v1", payload = Value)]
fn on_disbanded_as_json(_: &Value) {}

// Known by its name only.
#[feishu_handler("im.message.updated_v1", payload = Value)]
fn on_message_updated(_: &Value) {}

fn main() {
    let dispatcher: Dispatcher = dispatcher![on_thing, on_disbanded_as_json, on_message_updated];
    assert_eq!(
        dispatcher.other_names(),
        ["acme.thing.done_v1", "im.message.updated_v1"]
    );
    assert_eq!(dispatcher.event_types().len(), 1);
}
