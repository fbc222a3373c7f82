//! Failures after the event was acknowledged.

use std::fmt;
use std::time::Duration;

use crate::handler::reply::HandlerError;
use crate::redact::one_line::OneLine;

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
        let event_type = OneLine(event_type);
        let id = OneLine(event_id.as_deref().unwrap_or("without id"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_writes_one_short_line_into_the_log() {
        let shown = LateFailure {
            event_type: "strange\nERROR".to_owned(),
            event_id: Some("5e37\n".to_owned() + &"x".repeat(10_000)),
            after: Duration::from_secs(3),
            error: "no luck".into(),
        };
        let shown = shown.to_string();
        assert!(
            shown.starts_with("`strange ERROR` (event 5e37 xx"),
            "{shown}"
        );
        assert!(
            shown.ends_with("x) was acknowledged and failed after 3.0s: no luck"),
            "{shown}"
        );
        assert!(shown.chars().count() < 300, "{shown}");
    }
}
