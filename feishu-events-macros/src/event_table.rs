//! Looking up documented events by name.

use crate::generated::EVENTS;

/// A documented event.
pub(crate) struct Event {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// The module of its payload.
    pub(crate) service: &'static str,
    /// The name of its payload's type.
    pub(crate) payload: &'static str,
}

/// The event with this name.
pub(crate) fn find(name: &str) -> Option<&'static Event> {
    let index = EVENTS.binary_search_by(|event| event.name.cmp(name)).ok()?;
    EVENTS.get(index)
}

/// The names of all events.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    EVENTS.iter().map(|event| event.name)
}
