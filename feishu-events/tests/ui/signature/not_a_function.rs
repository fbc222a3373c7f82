use feishu_events::feishu_handler;

#[feishu_handler("contact.department.updated_v3")]
struct OnDepartmentUpdated;

fn main() {
    let _ = OnDepartmentUpdated;
}
