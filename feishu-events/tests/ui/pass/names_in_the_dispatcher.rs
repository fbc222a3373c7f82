//! `dispatcher!` says which events its handlers handle.

use feishu_events::{Dispatcher, Event, contact, dispatcher, feishu_handler, im, names};

#[feishu_handler]
fn on_disbanded(_: &im::ChatDisbandedV1) {}

#[feishu_handler]
fn on_created(_: &contact::UserCreatedV3) {}

#[feishu_handler("contact.department.created_v3", "contact.department.deleted_v3")]
fn on_departments(_: Event) {}

#[feishu_handler("contact.scope.*")]
fn on_scope() {}

#[feishu_handler(fallback)]
fn on_rest() {}

#[feishu_handler("acme.thing.done_v1", payload = String)]
fn on_thing(_: String) {}

struct Bot;

impl Bot {
    #[feishu_handler("im.message.receive_v1", on = Bot)]
    fn on_message() {}
}

fn main() {
    let _: Dispatcher = dispatcher! {
        names::IM_CHAT_DISBANDED_V1 => on_disbanded,
        "contact.user.created_v3" => on_created,
        names::CONTACT_DEPARTMENT_DELETED_V3 | "contact.department.created_v3" => on_departments,
        "contact.scope.*" => on_scope,
        "im.message.receive_v1" => Bot::on_message,
        fallback => on_rest,
        on_thing,
    };
}
