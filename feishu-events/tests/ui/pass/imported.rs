#![deny(warnings)]

mod chats {
    use feishu_events::{feishu_handler, im};

    #[feishu_handler("im.chat.disbanded_v1")]
    pub(crate) fn on_disbanded(_: im::ChatDisbandedV1) {}

    pub mod deep {
        #[feishu_events::feishu_handler("im.chat.updated_v1")]
        pub async fn on_updated(_: feishu_events::im::ChatUpdatedV1) {}
    }
}

use chats::deep::on_updated as renamed;
use chats::on_disbanded;
use feishu_events::{Dispatcher, dispatcher};

fn main() {
    let _: Dispatcher = dispatcher![on_disbanded, renamed];
}
