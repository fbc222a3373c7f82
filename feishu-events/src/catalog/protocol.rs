//! The two envelope formats.

/// The two envelope formats of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// `{"ts", "uuid", "token", "type": "event_callback", "event"}`
    V1,
    /// `{"schema": "2.0", "header", "event"}`
    V2,
}
