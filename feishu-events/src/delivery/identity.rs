//! What is known of an event before its handler runs, for answers, dedupe and logs.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::event_ids::EventIds;
use crate::callback::{self, CARD};
use crate::event::envelope::{RawEnvelope, string_at};

/// The events whose page says to identify them by something other than the envelope's id:
/// <https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/im-v1/message/events/receive>.
const IDENTIFIED_BY: [(&str, &[&str]); 1] = [("im.message.receive_v1", &["message", "message_id"])];

/// Where in the payload of the event of this name stands what it is remembered by; `None` if it is
/// the envelope's event id.
pub(crate) fn remembered_by(event_type: &str) -> Option<&'static [&'static str]> {
    let mut events = IDENTIFIED_BY.iter();
    events.find_map(|(name, path)| (*name == event_type).then_some(*path))
}

/// What is known of an event before its handler runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventFacts {
    pub(super) event_type: Cow<'static, str>,
    pub(super) ids: EventIds,
    pub(super) is_callback: bool,
    /// The size of the event in bytes, as received.
    pub(super) bytes: usize,
}

/// What the header tells.
pub(super) struct HeaderFacts {
    facts: EventFacts,
    /// Where in the payload stands what the event is known by, if not in the header.
    pub(super) identified_by: Option<&'static [&'static str]>,
}

impl HeaderFacts {
    pub(super) fn is_callback(&self) -> bool {
        self.facts.is_callback
    }

    pub(super) fn of(envelope: &RawEnvelope<'_>) -> Self {
        let header = &envelope.header;
        let event_type = envelope.event_name();
        let is_callback = match envelope.event_type {
            Some(known) => known.is_callback(),
            None => callback::is_callback(&event_type),
        };
        let identified_by = remembered_by(&event_type);
        Self {
            facts: EventFacts {
                ids: EventIds::of(header.app_id(), header.event_id()),
                event_type,
                is_callback,
                bytes: 0,
            },
            identified_by,
        }
    }

    /// All facts of an event whose payload is at hand.
    pub(super) fn with_payload(self, payload: &RawValue) -> EventFacts {
        let by = self.identified_by.and_then(|path| string_at(payload, path));
        self.identified(by)
    }

    /// All facts, now that it is known what the payload says that the event is known by.
    pub(super) fn identified(self, by: Option<String>) -> EventFacts {
        let mut facts = self.facts;
        if let Some(id) = by {
            facts.ids.identify_by(&id);
        }
        facts
    }
}

impl EventFacts {
    pub(super) fn can_answer_toast(&self) -> bool {
        self.event_type == CARD
    }

    pub(super) fn event_id(&self) -> Option<&str> {
        self.ids.event_id()
    }

    /// The event's id as it is shown in logs.
    pub(super) fn shown_id(&self) -> &str {
        self.event_id().unwrap_or("without id")
    }
}

#[cfg(test)]
mod tests {
    use crate::delivery::{Acceptor, DeliveryOptions};
    use crate::event::envelope::{Members, open};
    use crate::event::payload::Event;
    use crate::handler::content::Content;
    use crate::handler::context::{LazyDelivery, Transport};
    use crate::handler::dispatcher::Dispatcher;
    use crate::handler::reply::Reply;
    use crate::handler::routes::{Handled, Routed, Routes};
    use crate::handler::undecoded::Undecoded;

    /// A handler of all events.
    struct All {
        reads: bool,
        keeps: bool,
    }

    impl Routes<()> for All {
        fn handled(&self) -> Vec<Handled> {
            Vec::new()
        }
        fn route(&self, event: Undecoded<'_>, (): &()) -> Routed {
            <Event as Content>::deliver(event, self.reads, self.keeps)?;
            Ok(Some(Box::pin(std::future::ready(Ok(Reply::default())))))
        }
    }

    /// The key of an event, however its envelope is read and whatever its handler takes of it.
    fn key(json: &str) -> Option<String> {
        let delivery = || LazyDelivery::Now(Transport::Direct);
        let mut keys = Vec::new();
        for (reads, keeps) in [(true, false), (false, false), (false, true), (true, true)] {
            let dispatcher = Dispatcher::new(All { reads, keeps });
            let acceptor = Acceptor::new(dispatcher, DeliveryOptions::new());
            let taken = open(json.as_bytes(), |envelope| {
                acceptor.take(envelope, delivery())
            });
            keys.push(taken.unwrap().facts().ids.key().map(str::to_owned));
            let members = Members::from_slice(json.as_bytes());
            let envelope = members.and_then(Members::into_envelope).unwrap();
            let taken = acceptor.take(envelope, delivery());
            keys.push(taken.unwrap().facts().ids.key().map(str::to_owned));
        }
        keys.dedup();
        assert_eq!(keys.len(), 1, "{keys:?}");
        keys.remove(0)
    }

    #[test]
    fn an_event_is_known_by_what_its_documentation_says() {
        let v2 = r#"{ "schema": "2.0", "event": {}, "header":
            { "event_type": "contact.user.created_v3", "event_id": "5e37", "app_id": "cli_1" } }"#;
        assert_eq!(key(v2).as_deref(), Some("cli_1/5e37"));
        let v1 = r#"{ "type": "event_callback", "uuid": "bc44",
            "event": { "type": "leave_approval", "app_id": "cli_1" } }"#;
        assert_eq!(key(v1).as_deref(), Some("cli_1/bc44"));
        let message = r#"{ "schema": "2.0",
            "header": { "event_type": "im.message.receive_v1", "event_id": "5e37" },
            "event": { "message": { "message_id": "om_0", "content": "", "message_id": "om_1" } } }"#;
        assert_eq!(key(message).as_deref(), Some("/om_1"));
    }

    #[test]
    fn a_message_without_id_is_known_by_its_event() {
        let message = r#"{ "schema": "2.0", "event": { "message": 7 },
            "header": { "event_type": "im.message.receive_v1", "event_id": "5e37" } }"#;
        assert_eq!(key(message).as_deref(), Some("/5e37"));
    }

    #[test]
    fn what_has_no_id_has_no_key() {
        let anonymous = r#"{ "schema": "2.0", "event": {},
            "header": { "event_type": "contact.user.created_v3", "event_id": "" } }"#;
        assert_eq!(key(anonymous), None);
        let callback = r#"{ "schema": "2.0", "event": {},
            "header": { "event_type": "card.action.trigger", "event_id": "5e37" } }"#;
        assert_eq!(key(callback).as_deref(), Some("/5e37"));
    }
}
