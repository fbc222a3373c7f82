#![deny(warnings)]

use feishu_events::{Dispatcher, contact, dispatcher, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
fn on_department_updated(event: contact::DepartmentUpdatedV3) {
    assert!(event.object.is_none());
}

fn main() {
    let _: Dispatcher = dispatcher![on_department_updated];
    // The function is still there, to be called as it was written.
    on_department_updated(contact::DepartmentUpdatedV3::default());
}
