use feishu_events::{contact, feishu_handler};

// The compiler adds what it says of the user's own words.
#[feishu_handler("contact.department.updated_v3")]
fn on_department_updated(_: &contact::DepartmentUpdatedV3) {}

fn main() {}
