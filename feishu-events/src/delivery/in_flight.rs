//! An event that is being delivered.

use tokio::sync::SetOnce;
use tokio::time::Instant;

use super::answer::Answer;
use super::identity::EventFacts;
use super::state::DeliveryState;

/// An event that has been let in.
pub(super) struct InFlight {
    pub(super) event: EventFacts,
    pub(super) state: DeliveryState,
    pub(super) arrived: Instant,
    /// What its task answers, for the one that waits for it.
    pub(super) answer: SetOnce<Answer>,
}

impl InFlight {
    pub(super) fn new(event: EventFacts, arrived: Instant) -> Self {
        Self {
            event,
            state: DeliveryState::default(),
            arrived,
            answer: SetOnce::new(),
        }
    }

    /// What the event is known by in the store, which is asked only of events that have it.
    pub(super) fn key(&self) -> &str {
        self.event.ids.key().unwrap_or_default()
    }
}
