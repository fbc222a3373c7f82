// The compiler's default level, which `trybuild` lowers.
#![warn(dead_code)]
// Warnings alone would not fail this test.
#![deny(unreachable_code)]

use feishu_events::{Context, Dispatcher, contact, dispatcher, feishu_handler};

#[feishu_handler("contact.department.updated_v3")]
async fn forgotten(_: contact::DepartmentUpdatedV3, _: &Context) {}

#[feishu_handler(fallback)]
fn forgotten_fallback() {}

#[feishu_handler("contact.department.deleted_v3")]
fn remembered() {}

fn main() {
    let _: Dispatcher = dispatcher![remembered];
    return;
    main();
}
