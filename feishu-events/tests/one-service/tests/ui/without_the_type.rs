//! What takes no type of a service needs no feature.

use feishu_events::{Dispatcher, Event, RawEvent, dispatcher, feishu_handler};

#[feishu_handler("contact.user.*", "contact.department.updated_v3")]
fn on_contact(_: RawEvent) {}

#[feishu_handler("vc.meeting.*")]
fn on_meeting(event: Event) {
    assert!(matches!(event, Event::Unknown(_)));
}

#[feishu_handler("drive.file.title_updated_v1", payload = String)]
fn on_title(_: String) {}

fn main() {
    let _: Dispatcher = dispatcher![on_contact, on_meeting, on_title];
}
