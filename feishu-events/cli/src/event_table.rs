//! The names of all known events.

use feishu_events::EventType;

/// The names of all known events.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    EventType::ALL.iter().map(|known| known.as_str())
}
