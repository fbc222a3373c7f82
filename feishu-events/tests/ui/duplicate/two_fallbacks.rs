use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler(fallback)]
fn first() {}

#[feishu_handler(fallback)]
fn second() {}

fn main() {
    let _: Dispatcher = dispatcher![first, second];
}
