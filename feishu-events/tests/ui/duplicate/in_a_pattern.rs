use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler("contact.user.created_v3")]
fn one() {}

#[feishu_handler("contact.user.*")]
fn all() {}

fn main() {
    let _: Dispatcher = dispatcher![one, all];
}
