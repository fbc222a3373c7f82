#![deny(warnings)]

use feishu_events::{Dispatcher, dispatcher};

fn main() {
    #[feishu_events::feishu_handler("im.chat.disbanded_v1")]
    fn on_disbanded() {}

    let _: Dispatcher = dispatcher![on_disbanded];
}
