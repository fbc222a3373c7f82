//! What is known of an event before its handler runs, for answers, dedupe and logs.

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::envelope::RawEnvelope;
use crate::event_type::EventType;

/// The callbacks that no schema describes: a user waits for what they answer, and they are not
/// sent again.
const OTHER_CALLBACKS: [&str; 2] = ["card.action.trigger_v1", "profile.view.get"];

/// The callback whose answer can have a toast.
const CARD_ACTION: &str = "card.action.trigger";

/// The events whose page tells to identify them by something else than the envelope's id.
const IDENTIFIED_BY: [(&str, &[&str]); 1] = [("im.message.receive_v1", &["message", "message_id"])];

/// What is known of an event before its handler runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventFacts {
    pub(super) event_type: String,
    pub(super) event_id: Option<String>,
    /// What the event has in common with its repetitions and with no other event.
    pub(super) key: Option<String>,
    pub(super) is_callback: bool,
}

impl EventFacts {
    pub(super) fn of(envelope: &RawEnvelope<'_>) -> Self {
        let header = &envelope.header;
        let event_type = header.event_type.clone();
        let is_callback = OTHER_CALLBACKS.contains(&event_type.as_str())
            || EventType::of(header).is_some_and(EventType::is_callback);
        let path = IDENTIFIED_BY
            .iter()
            .find_map(|(name, path)| (*name == event_type).then_some(*path));
        let id = path
            .and_then(|path| string_at(envelope.payload, path))
            .or_else(|| header.event_id.clone())
            .filter(|id| !id.is_empty() && !is_callback);
        // One message is an event for each app that can read it.
        let app = header.app_id.as_deref().unwrap_or_default();
        Self {
            key: id.map(|id| [app, "/", &id].concat()),
            event_id: header.event_id.clone(),
            event_type,
            is_callback,
        }
    }

    pub(super) fn can_answer_toast(&self) -> bool {
        self.event_type == CARD_ACTION
    }

    /// The event's id as it is shown in logs.
    pub(super) fn shown_id(&self) -> &str {
        self.event_id.as_deref().unwrap_or("without id")
    }
}

/// The string at `path` inside an object.
pub(crate) fn string_at(json: &RawValue, path: &[&str]) -> Option<String> {
    let mut json = json;
    for name in path {
        let mut reader = serde_json::Deserializer::from_str(json.get());
        json = reader.deserialize_map(Member(name)).ok()??;
    }
    serde_json::from_str(json.get()).ok()
}

/// Reads one member of an object; of a repeated one the last, as everywhere.
struct Member<'n>(&'n str);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if name == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope::Members;

    fn key(json: &str) -> Option<String> {
        let envelope = Members::from_slice(json.as_bytes()).and_then(Members::into_envelope);
        EventFacts::of(&envelope.unwrap()).key
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
    fn what_has_no_id_and_what_is_not_sent_again_has_no_key() {
        let anonymous = r#"{ "schema": "2.0", "event": {},
            "header": { "event_type": "contact.user.created_v3", "event_id": "" } }"#;
        assert_eq!(key(anonymous), None);
        let callback = r#"{ "schema": "2.0", "event": {},
            "header": { "event_type": "card.action.trigger", "event_id": "5e37" } }"#;
        assert_eq!(key(callback), None);
    }
}
