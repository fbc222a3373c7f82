use feishu_events::{feishu_handler, names};

#[feishu_handler(names::CONTACT_DEPARTMENT_UPDATED_V9)]
fn on_department_updated() {}

fn main() {
    on_department_updated();
}
