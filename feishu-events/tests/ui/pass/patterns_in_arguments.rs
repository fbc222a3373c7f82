#![deny(warnings)]

use feishu_events::im::ChatDisbandedV1;
use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler("im.chat.disbanded_v1")]
fn on_disbanded(ChatDisbandedV1 { chat_id, .. }: ChatDisbandedV1) {
    drop(chat_id);
}

#[feishu_handler("im.chat.updated_v1")]
async fn with_attributes(#[allow(unused_mut)] mut event: feishu_events::im::ChatUpdatedV1) {
    drop(event);
}

fn main() {
    let _: Dispatcher = dispatcher![on_disbanded, with_attributes];
}
