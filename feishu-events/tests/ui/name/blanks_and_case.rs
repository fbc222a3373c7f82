use feishu_events::feishu_handler;

#[feishu_handler(" contact.department.updated_v3")]
fn blank() {}

#[feishu_handler("Contact.Department.Updated_V3")]
fn case() {}

#[feishu_handler("contact.department.updated-v3")]
fn dash() {}

#[feishu_handler("department.contact.updated_v3")]
fn swapped() {}

fn main() {
    blank();
    case();
    dash();
    swapped();
}
