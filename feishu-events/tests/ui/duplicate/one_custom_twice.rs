use feishu_events::{Dispatcher, dispatcher, feishu_handler};
use serde_json::Value;

#[feishu_handler("acme.thing.done_v1", payload = Value)]
fn first() {}

#[feishu_handler("acme.thing.done_v1", payload = Value)]
fn second() {}

fn main() {
    let _: Dispatcher = dispatcher![first, second];
}
