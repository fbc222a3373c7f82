use feishu_events::{dispatcher, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
fn first() {}

#[feishu_handler("contact.department.updated_v3")]
fn second() {}

fn main() {
    let _: feishu_events::Dispatcher = dispatcher![first, second];
}
