//! An event and its envelope.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{plausible, set};
use crate::callback::OLD_CARD;
use crate::catalog::protocol::Protocol;
use crate::delivery::remembered_by;

/// An event with the values of its envelope.
#[derive(Debug, Clone)]
pub(super) struct EventContent {
    pub(super) protocol: Protocol,
    pub(super) event_type: String,
    pub(super) event_id: String,
    pub(super) app_id: String,
    pub(super) tenant_key: String,
    pub(super) create_time: SystemTime,
    pub(super) payload: Value,
}

impl EventContent {
    /// Changes the event's id, and the field of a sample that identifies the event for deduplication.
    pub(super) fn set_event_id(&mut self, id: String) {
        let path = remembered_by(&self.event_type).unwrap_or_default();
        if let Some(name) = path.last() {
            let place = format!("/{}", path.join("/"));
            let sampled = plausible::made_of(name, &self.event_id);
            if let Some(value) = self.payload.pointer_mut(&place)
                && *value == sampled
            {
                *value = plausible::made_of(name, &id).into();
            }
        }
        self.event_id = id;
    }

    /// The envelope, its members in the platform's order.
    pub(super) fn envelope(&self, token: &str) -> String {
        let time = self.create_time.duration_since(UNIX_EPOCH);
        let time = time.unwrap_or_default();
        match self.protocol {
            Protocol::V2 => {
                let header = object([
                    ("event_id", self.event_id.as_str().into()),
                    ("event_type", self.event_type.as_str().into()),
                    ("create_time", time.as_millis().to_string().into()),
                    ("token", token.into()),
                    ("app_id", self.app_id.as_str().into()),
                    ("tenant_key", self.tenant_key.as_str().into()),
                ]);
                let payload = &self.payload;
                format!(r#"{{"schema":"2.0","header":{header},"event":{payload}}}"#)
            }
            // An old card's callback has no envelope.
            Protocol::V1 if self.event_type == OLD_CARD => self.payload.to_string(),
            Protocol::V1 => {
                let mut payload = self.payload.clone();
                set::set(&mut payload, "type", self.event_type.as_str().into());
                // Not every event has both: `app_ticket` has no tenant.
                for (name, value) in [("app_id", &self.app_id), ("tenant_key", &self.tenant_key)] {
                    if let Some(member) = payload.get_mut(name) {
                        *member = value.as_str().into();
                    }
                }
                let ts = format!("{}.{:06}", time.as_secs(), time.subsec_micros());
                object([
                    ("ts", ts.into()),
                    ("uuid", self.event_id.as_str().into()),
                    ("token", token.into()),
                    ("type", "event_callback".into()),
                    ("event", payload),
                ])
            }
        }
    }
}

/// A JSON object with its members in this order, which a map would not keep.
fn object<const N: usize>(members: [(&str, Value); N]) -> String {
    let members = members.map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", members.join(","))
}
