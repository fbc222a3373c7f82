#![deny(warnings)]

use feishu_events::{Dispatcher, MergeError, State, dispatcher, feishu_handler};

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded(_: State<u8>) {}

#[feishu_handler("im.chat.updated_v1")]
fn on_updated(_: State<String>) {}

fn main() -> Result<(), MergeError> {
    let first = dispatcher![on_disbanded].state(1);
    let second = dispatcher![on_updated].state(String::new());
    let merged: Dispatcher = first.merge(second)?.on_unhandled(|header| drop(header.clone()));
    assert_eq!(merged.event_types().len(), 2);
    Ok(())
}
