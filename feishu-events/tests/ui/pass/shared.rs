#![deny(warnings)]

use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler("im.chat.disbanded_v1")]
async fn on_disbanded() {}

fn assert_shareable<T: Clone + Send + Sync + 'static>(_: &T) {}

struct Server {
    dispatcher: Dispatcher,
}

fn main() {
    let server = Server { dispatcher: dispatcher![on_disbanded] };
    assert_shareable(&server.dispatcher);
}
