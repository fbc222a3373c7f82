use feishu_events::feishu_handler;

#[feishu_handler("contact.user.created_v3" "contact.user.deleted_v3")]
fn on_users() {}

fn main() {
    on_users();
}
