use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v4")]
unsafe extern "C" fn on_department_updated<T>(_: impl Clone) {}

fn main() {}
