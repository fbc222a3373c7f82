use feishu_events::{Dispatcher, dispatcher, feishu_handler, names};

#[feishu_handler("contact.user.*")]
fn on_users() {}

#[feishu_handler(fallback)]
fn on_rest() {}

fn main() {
    let _: Dispatcher = dispatcher! {
        names::CONTACT_USER_CREATED_V9 => on_users,
        fallback | "im.chat.disbanded_v1" => on_rest,
    };
    let _: Dispatcher = dispatcher! {
        "contact.users.created_v3" => on_users,
        4 => on_rest,
    };
}
