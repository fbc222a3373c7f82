use feishu_events::feishu_handler;

#[feishu_handler("contact.user.created_v3", "contact.user.deleted_v3", "contact.user.created_v3")]
fn on_users() {}

#[feishu_handler("contact.user.*", "contact.user.created_v3")]
fn on_pattern() {}

fn main() {
    on_users();
    on_pattern();
}
