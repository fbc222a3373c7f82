use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v3")]
fn on_department_updated() -> u32 {
    1
}

fn main() {}
