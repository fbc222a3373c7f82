//! Events that belong together, handled one after the other.

use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::delivery::{KeyedQueue, Ticket, documented_order_key};
use crate::event::envelope::string_at;
use crate::event::header::Header;

/// An event that has arrived and that no handler has seen yet, for
/// [`order_by`](crate::LongConnectionBuilder::order_by).
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    pub(super) header: &'a Header,
    pub(super) payload: &'a RawValue,
}

impl Arrival<'_> {
    /// The event's header.
    pub fn header(&self) -> &Header {
        self.header
    }

    /// The event's payload, as JSON.
    pub fn payload(&self) -> &str {
        self.payload.get()
    }

    /// The string at a path in the payload: `&["message", "chat_id"]`.
    pub fn string_at(&self, path: &[&str]) -> Option<String> {
        string_at(self.payload, path)
    }

    /// The chat or approval instance that the event belongs to, by its documented fields.
    pub fn documented_key(&self) -> Option<String> {
        documented_order_key(self.payload)
    }
}

type Key = Arc<dyn Fn(Arrival<'_>) -> Option<String> + Send + Sync>;

/// Which events are handled one after the other.
#[derive(Clone, Default)]
pub(super) struct Order {
    key: Option<Key>,
}

impl Order {
    pub(super) fn by(key: impl Fn(Arrival<'_>) -> Option<String> + Send + Sync + 'static) -> Self {
        let key: Key = Arc::new(key);
        Self { key: Some(key) }
    }

    /// Whether events never wait for each other.
    pub(super) fn is_none(&self) -> bool {
        self.key.is_none()
    }

    /// The turn of an event, if it has to wait for others.
    pub(super) fn turn(&self, turns: &KeyedQueue, arrival: Arrival<'_>) -> Option<Ticket> {
        let key = self.key.as_ref()?(arrival)?;
        Some(turns.take(key))
    }
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("ordered", &self.key.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::event_type::EventType;
    use crate::catalog::protocol::Protocol;
    use crate::testing::sample_of;

    /// Whether an event of this name, with every documented field, says what it belongs to.
    fn has_key(name: &str) -> bool {
        let event_type: EventType = name.parse().unwrap();
        let event = serde_json::to_string(&sample_of(event_type).unwrap()).unwrap();
        let arrival = Arrival {
            header: &Header::new(Protocol::V2, name.to_owned()),
            payload: serde_json::from_str(&event).unwrap(),
        };
        arrival.documented_key().is_some()
    }

    #[test]
    fn chats_and_approvals_are_what_events_belong_to() {
        let keyed = [
            "im.message.receive_v1",
            "im.message.recalled_v1",
            "im.chat.updated_v1",
            "im.chat.member.user.added_v1",
            "message_read",
            "add_bot",
            "card.action.trigger",
            "url.preview.get",
            "helpdesk.ticket.updated_v1",
            "approval_instance",
            "approval_task",
            "leave_approval",
            "approval.instance.trip_group_update_v4",
        ];
        for name in keyed {
            assert!(has_key(name), "{name}");
        }
        // It has neither.
        assert!(!has_key("calendar.calendar.changed_v4"));
    }
}
