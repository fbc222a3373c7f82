#![deny(warnings)]

use feishu_events::{Dispatcher, dispatcher};

fn main() {
    let dispatcher: Dispatcher = dispatcher![];
    assert!(dispatcher.event_types().is_empty());
}
