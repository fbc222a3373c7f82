#![deny(warnings)]

use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler("im.chat.disbanded_v1")]
fn r#move() {}

mod r#async {
    #[feishu_events::feishu_handler("im.chat.updated_v1")]
    pub fn r#try() {}
}

fn main() {
    let _: Dispatcher = dispatcher![r#move, r#async::r#try];
}
