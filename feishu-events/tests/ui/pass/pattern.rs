#![deny(warnings)]

use feishu_events::{Dispatcher, Event, Header, dispatcher, feishu_handler};

#[feishu_handler("contact.department.*", "contact.user.*")]
fn on_contact(_: &Header, _: &Event) {}

fn main() {
    let dispatcher: Dispatcher = dispatcher![on_contact];
    assert_eq!(dispatcher.event_types().len(), 6);
}
