use feishu_events::feishu_handler;

#[feishu_handler("contact.department.ated_v3")]
fn on_user() {}

fn main() {
    on_user();
}
