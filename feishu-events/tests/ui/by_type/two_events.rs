use feishu_events::{contact, feishu_handler};

#[feishu_handler]
fn on_users(_: contact::UserCreatedV3, _: contact::UserDeletedV3) {}

fn main() {}
