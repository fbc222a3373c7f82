use feishu_events::feishu_handler;

#[feishu_handler(contact.department.updated_v3)]
fn on_department_updated() {}

#[feishu_handler]
fn on_nothing() {}

fn main() {
    on_department_updated();
    on_nothing();
}
