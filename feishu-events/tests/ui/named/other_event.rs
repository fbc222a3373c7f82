use feishu_events::{Dispatcher, contact, dispatcher, feishu_handler, names};

#[feishu_handler]
fn on_updated(_: contact::DepartmentUpdatedV3) {}

#[feishu_handler("contact.user.*")]
fn on_users() {}

fn main() {
    let _: Dispatcher = dispatcher! {
        names::CONTACT_DEPARTMENT_CREATED_V3 => on_updated,
        "contact.user.created_v3" | "contact.user.deleted_v3" => on_users,
    };
    let _: Dispatcher = dispatcher! { fallback => on_updated };
}
