use feishu_events::{Dispatcher, dispatcher, feishu_handler, names};

mod chats {
    #[feishu_events::feishu_handler("im.chat.disbanded_v1")]
    pub fn on_disbanded() {}
}

#[feishu_handler(names::CONTACT_USER_CREATED_V3, names::, "contact.user.deleted_v3")]
fn on_users() {}

fn main() {
    let _: Dispatcher = dispatcher![on_users, chats::, chats::on_disbanded];
    let _: Dispatcher = dispatcher![on_users, names::];
}
