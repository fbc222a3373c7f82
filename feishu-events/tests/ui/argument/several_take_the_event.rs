use feishu_events::{contact, feishu_handler};

#[feishu_handler("contact.user.created_v3", "contact.user.deleted_v3")]
fn on_users(_: contact::UserCreatedV3) {}

fn main() {}
