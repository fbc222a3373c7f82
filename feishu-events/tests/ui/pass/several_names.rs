#![deny(warnings)]

use feishu_events::{Dispatcher, Event, dispatcher, feishu_handler};

#[feishu_handler("contact.user.created_v3", "contact.user.deleted_v3")]
async fn on_users(event: Event) -> Result<(), std::fmt::Error> {
    match event {
        Event::ContactUserCreatedV3(_) | Event::ContactUserDeletedV3(_) => Ok(()),
        _ => Err(std::fmt::Error),
    }
}

fn main() {
    let dispatcher: Dispatcher = dispatcher![on_users];
    assert_eq!(dispatcher.event_types().len(), 2);
}
