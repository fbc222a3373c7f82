use feishu_events::{contact, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
fn on_department_updated(_: &contact::DepartmentUpdatedV3, _: u32) {}

fn main() {}
