use feishu_events::{contact, feishu_handler};

#[feishu_handler("contact.department.update_v3")]
async fn on_department_updated(_: contact::DepartmentUpdatedV3) {}

fn main() {}
