use feishu_events::{dispatcher, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
fn first() {}

#[feishu_handler("contact.department.updated_v3")]
fn second() {}

fn main() {
    dispatcher![first, second];
}
