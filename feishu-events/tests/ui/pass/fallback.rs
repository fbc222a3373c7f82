#![deny(warnings)]

use feishu_events::{Dispatcher, RawEvent, dispatcher, feishu_handler};

#[feishu_handler(fallback)]
async fn on_rest(event: RawEvent) {
    drop(event.payload);
}

fn main() {
    let dispatcher: Dispatcher = dispatcher![on_rest];
    assert!(dispatcher.event_types().is_empty());
}
