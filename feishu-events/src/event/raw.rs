//! An event as received.

use serde_json::value::RawValue;

use crate::event::header::Header;

/// An event as received, not parsed: a handler that takes only this avoids the cost of parsing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawEvent {
    /// The event's header.
    pub header: Header,
    /// The envelope's member `event`.
    pub payload: Box<RawValue>,
}
