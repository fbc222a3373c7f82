use feishu_events::feishu_handler;

#[feishu_handler("contact.departments.*")]
fn on_departments() {}

fn main() {
    on_departments();
}
