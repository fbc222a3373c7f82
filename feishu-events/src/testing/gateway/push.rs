//! An event to push, and how.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::callback;
use crate::long_connection::session::frame::Kind;
use crate::testing::EventRequest;

/// An event that the [`Gateway`](super::Gateway) pushes to a client, and how it does so.
///
/// ```
/// use std::time::Duration;
/// use feishu_events::EventType;
/// use feishu_events::testing::EventRequest;
/// use feishu_events::testing::gateway::Push;
///
/// let event = EventRequest::from_sample(EventType::ContactUserCreatedV3).expect("contact is on");
/// let push = Push::from(event)
///     .parts(7)
///     .shuffled()
///     .again_after(Duration::from_secs(1));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Push {
    pub(super) payload: Bytes,
    pub(super) facts: Facts,
    pub(super) kind: &'static str,
    pub(super) parts: usize,
    pub(super) shuffled: bool,
    pub(super) parts_twice: bool,
    pub(super) part_gap: Duration,
    pub(super) delay: Duration,
    pub(super) again_after: Vec<Duration>,
}

/// The event's id and name, if the payload has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) event_id: Option<String>,
    pub(super) event_type: Option<String>,
}

impl Push {
    /// Pushes `payload` unchanged; it need not be an event, or even JSON.
    pub fn raw(payload: impl Into<Bytes>) -> Self {
        let payload = payload.into();
        Self {
            facts: Facts::of(&payload),
            payload,
            kind: Kind::EVENT,
            parts: 1,
            shuffled: false,
            parts_twice: false,
            part_gap: Duration::ZERO,
            delay: Duration::ZERO,
            again_after: Vec::new(),
        }
    }

    /// Splits the payload into this many parts, of equal size and cut at any byte; with more parts
    /// than bytes, some are empty.
    pub fn parts(mut self, parts: usize) -> Self {
        self.parts = parts.max(1);
        self
    }

    /// Sends the parts in random order.
    pub fn shuffled(mut self) -> Self {
        self.shuffled = true;
        self
    }

    /// Sends each part of a split payload twice, so that some arrive after the message is complete.
    pub fn parts_twice(mut self) -> Self {
        self.parts_twice = true;
        self
    }

    /// Waits this long between the parts.
    pub fn part_gap(mut self, time: Duration) -> Self {
        self.part_gap = time;
        self
    }

    /// Waits this long before the event is pushed for the first time.
    pub fn delay(mut self, time: Duration) -> Self {
        self.delay = time;
        self
    }

    /// Pushes the event once more, this long after the first push, even if it has been acknowledged.
    /// Each call adds a push.
    pub fn again_after(mut self, time: Duration) -> Self {
        self.again_after.push(time);
        self
    }

    /// Sends frames of type `card` instead of `event`, as the platform does for callbacks of old cards.
    pub fn as_card(mut self) -> Self {
        self.kind = Kind::CARD;
        self
    }

    /// Whether this is a callback, which the platform does not send again: the user has already seen an
    /// error.
    pub(super) fn is_callback(&self) -> bool {
        let event_type = self.facts.event_type.as_deref();
        self.kind == Kind::CARD || event_type.is_some_and(callback::is_callback)
    }
}

/// Pushes the event with neither encryption nor signature, as the platform does over connections.
impl From<EventRequest> for Push {
    fn from(event: EventRequest) -> Self {
        Self::raw(event.json())
    }
}

impl From<&EventRequest> for Push {
    fn from(event: &EventRequest) -> Self {
        Self::raw(event.json())
    }
}

impl Facts {
    fn of(payload: &[u8]) -> Self {
        let Ok(json) = serde_json::from_slice::<Value>(payload) else {
            return Self::default();
        };
        let text = |path: &str| {
            json.pointer(path)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let is_v2 = json.get("schema").is_some();
        let (id, name) = if is_v2 {
            ("/header/event_id", "/header/event_type")
        } else {
            ("/uuid", "/event/type")
        };
        Self {
            event_id: text(id),
            event_type: text(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_need_not_be_an_event() {
        assert_eq!(Push::raw("{]").facts, Facts::default());
        let push = Push::raw(r#"{"uuid":"a","event":{"type":"message"}}"#);
        assert_eq!(push.facts.event_id.as_deref(), Some("a"));
        assert_eq!(push.facts.event_type.as_deref(), Some("message"));
        assert!(!push.is_callback() && push.as_card().is_callback());
        for name in ["url.preview.get", "card.action.trigger_v1"] {
            let json = format!(r#"{{"schema":"2.0","header":{{"event_type":"{name}"}}}}"#);
            assert!(Push::raw(json).is_callback(), "{name}");
        }
    }
}
