//! The events of the measurements, and what their handlers do.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Dispatcher, contact, dispatcher, feishu_handler};

pub(crate) const KEY: &str = "an invented encrypt key";
pub(crate) const TOKEN: &str = "an invented verification token";

/// How many events a run can have.
pub(crate) const MAX_EVENTS: usize = 1_000_000;

/// How often the handler of each event has been called, and how often it has succeeded.
pub(crate) static CALLS: [AtomicU32; MAX_EVENTS] = [const { AtomicU32::new(0) }; MAX_EVENTS];
pub(crate) static SUCCESSES: [AtomicU32; MAX_EVENTS] = [const { AtomicU32::new(0) }; MAX_EVENTS];

/// The event with this number; the number stands in the name of the user.
pub(crate) fn event(number: usize) -> EventRequest {
    EventRequest::new(&sample::<contact::UserCreatedV3>())
        .set("object.name", number.to_string())
        .event_id(format!("{number:032x}"))
        .token(TOKEN)
        .encrypt_key(KEY)
}

pub(crate) fn handlers() -> Dispatcher {
    dispatcher![on_user_created]
}

/// Fails, panics, or takes 10 s: each with one event in a hundred, the first time.
#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(event: contact::UserCreatedV3) -> Result<(), &'static str> {
    let name = event.object.and_then(|user| user.name);
    let number = name.and_then(|name| name.parse::<usize>().ok());
    let Some(number) = number.filter(|number| *number < MAX_EVENTS) else {
        return Ok(());
    };
    let first = CALLS[number].fetch_add(1, Ordering::SeqCst) == 0;
    match number % 100 {
        1 if first => return Err("asked to"),
        2 if first => panic!("asked to"),
        3 => tokio::time::sleep(Duration::from_secs(10)).await,
        _ => {}
    }
    SUCCESSES[number].fetch_add(1, Ordering::SeqCst);
    Ok(())
}
