#![deny(warnings)]

use feishu_events::{Dispatcher, dispatcher, feishu_handler, names};

#[feishu_handler(names::CONTACT_DEPARTMENT_UPDATED_V3)]
fn on_department_updated() {}

#[feishu_handler(feishu_events::names::IM_CHAT_DISBANDED_V1, names::IM_CHAT_UPDATED_V1)]
fn on_chats() {}

fn main() {
    let _: Dispatcher = dispatcher![on_department_updated, on_chats];
    assert_eq!(names::CONTACT_DEPARTMENT_UPDATED_V3, "contact.department.updated_v3");
}
