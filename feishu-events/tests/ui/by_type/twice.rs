use feishu_events::{Dispatcher, contact, dispatcher, feishu_handler};

#[feishu_handler]
fn first(_: contact::UserCreatedV3) {}

#[feishu_handler("contact.user.created_v3")]
fn second() {}

fn main() {
    let _: Dispatcher = dispatcher![first, second];
}
