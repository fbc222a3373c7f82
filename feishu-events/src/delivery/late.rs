//! Failures that come after the event was acknowledged.

use std::fmt;
use std::time::Duration;

use crate::handler::HandlerError;

/// An event was acknowledged, and then its handler failed: the platform does not send it again.
#[derive(Debug)]
#[non_exhaustive]
pub struct LateFailure {
    /// The event's name.
    pub event_type: String,
    /// The event's id.
    pub event_id: Option<String>,
    /// How long the handler had been running, or waiting for its turn.
    pub after: Duration,
    /// What the handler failed with.
    pub error: HandlerError,
}

impl fmt::Display for LateFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            event_type,
            event_id,
            after,
            error,
        } = self;
        let id = event_id.as_deref().unwrap_or("without id");
        write!(
            f,
            "`{event_type}` (event {id}) was acknowledged and failed after {after:.1?}: {error}"
        )
    }
}

impl std::error::Error for LateFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.error)
    }
}
