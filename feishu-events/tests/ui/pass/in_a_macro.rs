#![deny(warnings)]

use feishu_events::{Dispatcher, Header, dispatcher, feishu_handler, im};

macro_rules! handler {
    ($function:ident, $name:literal, $payload:ty) => {
        #[feishu_handler($name)]
        fn $function(event: &$payload, _: Header) {
            assert!(event.chat_id.is_none());
        }
    };
}

handler!(on_disbanded, "im.chat.disbanded_v1", im::ChatDisbandedV1);

macro_rules! named {
    ($name:tt) => {
        #[feishu_handler($name)]
        async fn on_updated(event: im::ChatUpdatedV1) {
            drop(event);
        }
    };
}

named!("im.chat.updated_v1");

fn main() {
    let _: Dispatcher = dispatcher![on_disbanded, on_updated];
}
