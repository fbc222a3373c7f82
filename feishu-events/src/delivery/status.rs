//! What a receiver is doing right now.

use std::time::Duration;

/// What a receiver is doing right now: for health checks and metrics.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct DeliveryStatus {
    /// How many handlers run, including those whose event has been answered.
    pub running: usize,
    /// How many events wait for a handler to run, for their turn, or for the dedupe store.
    pub waiting: usize,
    /// The size of all of these events in bytes, as received.
    pub bytes: usize,
    /// The one of them that arrived first.
    pub oldest: Option<OldestEvent>,
}

/// The event that a receiver has been busy with for the longest time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OldestEvent {
    /// The event's name.
    pub event_type: String,
    /// The event's id.
    pub event_id: Option<String>,
    /// The path of its handler, such as `my_app::on_message`.
    pub handler: Option<&'static str>,
    /// How long ago it arrived.
    pub age: Duration,
    /// Whether its handler runs; otherwise it waits.
    pub is_running: bool,
}
