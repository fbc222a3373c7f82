use feishu_events::{contact, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated(event: contact::UserUpdatedV3) {
    drop(event);
}

fn main() {}
