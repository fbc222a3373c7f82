#![deny(dead_code)]

use feishu_events::{Dispatcher, dispatcher, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
fn forgotten() {}

#[feishu_handler("contact.department.deleted_v3")]
fn remembered() {}

fn main() {
    let _: Dispatcher = dispatcher![remembered];
}
