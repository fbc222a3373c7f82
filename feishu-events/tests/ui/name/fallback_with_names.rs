use feishu_events::feishu_handler;

#[feishu_handler(fallback, "contact.user.created_v3")]
fn on_rest() {}

fn main() {
    on_rest();
}
