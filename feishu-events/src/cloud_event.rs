//! Events as [CloudEvents](https://cloudevents.io), the form that message brokers, functions and
//! event gateways exchange (feature `cloudevents`).
//!
//! ```
//! use feishu_events::Envelope;
//! use feishu_events::cloud_event::cloudevents::AttributesReader;
//!
//! let envelope = Envelope::from_slice(br#"{
//!     "schema": "2.0",
//!     "header": {
//!         "event_id": "5e37", "event_type": "contact.department.deleted_v3",
//!         "create_time": "1608725989000", "app_id": "cli_1", "tenant_key": "2ca1"
//!     },
//!     "event": { "object": { "name": "Sales" } }
//! }"#)?;
//! let event = envelope.to_cloud_event()?;
//! assert_eq!(event.id(), "5e37");
//! assert_eq!(event.ty(), "cn.feishu.contact.department.deleted_v3");
//! assert_eq!(event.source(), "https://open.feishu.cn/app/cli_1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | attribute | what it is |
//! | --- | --- |
//! | `id` | the event's id, the same when it is sent again |
//! | `source` | `https://open.feishu.cn/app/` and the app's id |
//! | `type` | `cn.feishu.` and the event type |
//! | `time` | when the event was sent |
//! | `subject` | the resource that was subscribed to, in events of cloud documents; for `im.message.receive_v1` the id of the message |
//! | `dataschema` | the JSON Schema of the payload as it is received, for known events |
//! | `tenantkey` | an extension: the tenant in which the event happened |
//! | `feishuprotocol` | an extension: `2.0` or `1.0` |
//! | data | the payload, as JSON |
//!
//! The verification token is in none of them. `schemas/export/cloudevents/mapping.json` of the
//! repository has the same rules for other languages. For an app of Lark, change the source with
//! `AttributesWriter::set_source`.

use std::error::Error;
use std::fmt;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
/// The crate that has the type of CloudEvents, in the version of this one.
pub use cloudevents;
use cloudevents::event::EventBuilderError;
use cloudevents::{EventBuilder, EventBuilderV10};
use serde_json::Value;

use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::event::envelope::Envelope;
use crate::event::header::Header;
use crate::event::raw::RawEvent;
use crate::redact::one_line::OneLine;

/// The event that is about a message, and where its id is.
const MESSAGE: (&str, &str) = ("im.message.receive_v1", "/message/message_id");

/// Why an event cannot be a CloudEvent.
#[derive(Debug)]
#[non_exhaustive]
pub enum CloudEventError {
    /// It has no id. An invented one would make each repetition a new event.
    #[non_exhaustive]
    NoEventId {
        /// The event's name.
        event_type: String,
    },
    /// The payload cannot be represented: a number is out of range, or it is nested too deep.
    #[non_exhaustive]
    Payload {
        /// The event's name.
        event_type: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// The crate `cloudevents-sdk` refuses an attribute.
    Attribute(EventBuilderError),
}

impl fmt::Display for CloudEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEventId { event_type } => {
                let event_type = OneLine(event_type);
                write!(
                    f,
                    "`{event_type}` has no event id, which a CloudEvent needs"
                )
            }
            Self::Payload { event_type, .. } => {
                let event_type = OneLine(event_type);
                write!(
                    f,
                    "the payload of `{event_type}` cannot be the data of a CloudEvent"
                )
            }
            Self::Attribute(_) => f.write_str("an attribute of the CloudEvent is not valid"),
        }
    }
}

impl Error for CloudEventError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoEventId { .. } => None,
            Self::Payload { source, .. } => Some(source),
            Self::Attribute(source) => Some(source),
        }
    }
}

impl Envelope {
    /// The event as a CloudEvent: see [`cloud_event`](crate::cloud_event).
    ///
    /// Its data is the typed event. What could not be read is not in it; for the payload as
    /// received, see [`RawEvent::to_cloud_event`].
    ///
    /// # Errors
    /// An event without an id, and a payload of an unknown type that cannot be represented.
    #[cfg_attr(docsrs, doc(cfg(feature = "cloudevents")))]
    pub fn to_cloud_event(&self) -> Result<cloudevents::Event, CloudEventError> {
        cloud_event(&self.header, serde_json::to_value(&self.event))
    }
}

impl RawEvent {
    /// The event as a CloudEvent, with the payload as received: see
    /// [`cloud_event`](crate::cloud_event).
    ///
    /// # Errors
    /// An event without an id, and a payload that cannot be represented.
    #[cfg_attr(docsrs, doc(cfg(feature = "cloudevents")))]
    pub fn to_cloud_event(&self) -> Result<cloudevents::Event, CloudEventError> {
        cloud_event(&self.header, serde_json::from_str(self.payload.get()))
    }
}

fn cloud_event(
    header: &Header,
    data: serde_json::Result<Value>,
) -> Result<cloudevents::Event, CloudEventError> {
    let event_type = || header.event_type.clone();
    let id = header.event_id.as_deref().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| CloudEventError::NoEventId {
        event_type: event_type(),
    })?;
    let data = data.map_err(|source| CloudEventError::Payload {
        event_type: event_type(),
        source,
    })?;
    let mut builder = EventBuilderV10::new()
        .id(id)
        .source(source(header.app_id.as_deref()))
        .ty(format!("cn.feishu.{}", header.event_type))
        .extension("feishuprotocol", protocol(header.protocol));
    if let Some(tenant_key) = &header.tenant_key {
        builder = builder.extension("tenantkey", tenant_key.as_str());
    }
    if let Some(time) = header.create_time_at() {
        builder = builder.time(DateTime::<Utc>::from(time));
    }
    if let Some(subject) = subject(header, &data) {
        builder = builder.subject(subject);
    }
    let json = "application/json";
    // The names of the two protocols are different name spaces.
    let known = EventType::from_name(&header.event_type);
    builder = match known.filter(|known| known.protocol() == header.protocol) {
        Some(known) => builder.data_with_schema(json, schema(known), data),
        None => builder.data(json, data),
    };
    builder.build().map_err(CloudEventError::Attribute)
}

/// The app in the developer console.
fn source(app_id: Option<&str>) -> String {
    let mut source = "https://open.feishu.cn/app".to_owned();
    if let Some(app_id) = app_id.filter(|app_id| !app_id.is_empty()) {
        source.push('/');
        for byte in app_id.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                source.push(char::from(byte));
            } else {
                // Writing to a string does not fail.
                let _ = write!(source, "%{byte:02X}");
            }
        }
    }
    source
}

fn subject(header: &Header, data: &Value) -> Option<String> {
    let (event_type, pointer) = MESSAGE;
    let message_id = (header.event_type == event_type)
        .then(|| data.pointer(pointer)?.as_str().map(str::to_owned))
        .flatten();
    let subject = header.resource_id.clone().or(message_id);
    subject.filter(|subject| !subject.is_empty())
}

fn protocol(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::V1 => "1.0",
        Protocol::V2 => "2.0",
    }
}

/// Where the schema of the payload as received is published.
fn schema(event_type: EventType) -> String {
    let name = event_type.as_str();
    let service = event_type.service();
    let rest = match event_type.protocol() {
        Protocol::V2 => name
            .strip_prefix(service)
            .and_then(|rest| rest.strip_prefix('.')),
        Protocol::V1 => None,
    };
    let rest = rest.unwrap_or(name);
    format!(
        "https://feishu-events.github.io/feishu-events/schemas/received/{service}/{rest}.json#/properties/event"
    )
}

#[cfg(test)]
mod tests {
    use cloudevents::{AttributesReader, Data};
    use serde_json::json;

    use super::*;

    fn envelope(json: &Value) -> Envelope {
        Envelope::from_slice(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn an_event_of_protocol_1_has_the_same_attributes() {
        let event = envelope(&json!({
            "ts": "1502199207.7171419", "uuid": "bc44", "token": "secret", "type": "event_callback",
            "event": { "type": "acme_thing", "app_id": "cli/1", "tenant_key": "2ca1", "n": 1 }
        }));
        let event = event.to_cloud_event().unwrap();
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(
            json,
            json!({
                "specversion": "1.0", "id": "bc44", "type": "cn.feishu.acme_thing",
                "source": "https://open.feishu.cn/app/cli%2F1", "time": "2017-08-08T13:33:27Z",
                "feishuprotocol": "1.0", "tenantkey": "2ca1", "datacontenttype": "application/json",
                "data": { "type": "acme_thing", "app_id": "cli/1", "tenant_key": "2ca1", "n": 1 }
            })
        );
    }

    #[cfg(feature = "im")]
    #[test]
    fn a_message_is_the_subject_of_its_event() {
        let event = envelope(&json!({
            "schema": "2.0",
            "header": { "event_id": "5e37", "event_type": "im.message.receive_v1", "create_time": "x" },
            "event": { "message": { "message_id": "om_1" } }
        }));
        let event = event.to_cloud_event().unwrap();
        assert_eq!(event.subject(), Some("om_1"));
        assert_eq!(event.source(), "https://open.feishu.cn/app");
        assert_eq!(event.time(), None, "what is not a time is not sent as one");
        let schema = "https://feishu-events.github.io/feishu-events/schemas/received/im/message.receive_v1.json\
                      #/properties/event";
        assert_eq!(
            event.dataschema().map(ToString::to_string).as_deref(),
            Some(schema)
        );
        let data = json!({ "message": { "message_id": "om_1" } });
        assert_eq!(event.data(), Some(&Data::Json(data)));
    }

    #[test]
    fn the_payload_as_received_loses_nothing() {
        let payload = r#"{"object":{"order":"100","new":[1]}}"#;
        let event = RawEvent {
            header: Header {
                event_id: Some("5e37".to_owned()),
                resource_id: Some("doc1".to_owned()),
                ..Header::new(Protocol::V2, "contact.department.deleted_v3".to_owned())
            },
            payload: serde_json::value::RawValue::from_string(payload.to_owned()).unwrap(),
        };
        let event = event.to_cloud_event().unwrap();
        assert_eq!(event.subject(), Some("doc1"));
        let data: Value = serde_json::from_str(payload).unwrap();
        assert_eq!(event.data(), Some(&Data::Json(data)));
    }

    #[test]
    fn without_an_id_there_is_no_cloud_event() {
        for header in [
            json!({ "event_type": "acme.thing_v1" }),
            json!({ "event_type": "acme.thing_v1", "event_id": "" }),
        ] {
            let event = envelope(&json!({ "schema": "2.0", "header": header, "event": {} }));
            let error = event.to_cloud_event().unwrap_err();
            assert_eq!(
                error.to_string(),
                "`acme.thing_v1` has no event id, which a CloudEvent needs"
            );
        }
    }
}
