use feishu_events::feishu_handler;

#[feishu_handler("contact.user.created_v3", retries = 3)]
fn on_user_created() {}

fn main() {
    on_user_created();
}
