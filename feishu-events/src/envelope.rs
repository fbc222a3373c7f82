//! From bytes to a header and an event, and back: the only way in, for every transport.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

mod one_pass;

use crate::event::Event;
use crate::header::{Header, HeaderV2, Protocol};
use crate::read;
use crate::report::{Disagreement, Report};
use crate::write::{AsRecord, WithHeader};

/// An event with its header, and what reading it met.
///
/// Serialized, it has the platform's own form again, in the protocol of its header.
///
/// ```
/// use feishu_events::{Envelope, Event};
///
/// let envelope = Envelope::from_slice(br#"{
///     "schema": "2.0",
///     "header": { "event_id": "5e37", "event_type": "contact.department.deleted_v3" },
///     "event": { "object": { "order": "100" } }
/// }"#)?;
/// let Event::ContactDepartmentDeletedV3(deleted) = &envelope.event else { panic!() };
/// assert_eq!(deleted.object.as_ref().and_then(|department| department.order), Some(100));
/// assert_eq!(envelope.reports[0].path, "/object/order"); // an int is documented, a string came
/// # Ok::<(), feishu_events::EnvelopeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Envelope {
    /// What the envelope says about the event.
    pub header: Header,
    /// The event.
    pub event: Event,
    /// Where the event does not agree with its documentation.
    pub reports: Vec<Report>,
}

impl Envelope {
    /// Reads an event as the platform sends it, after decryption, in either protocol.
    ///
    /// An event of a type that is not known here is [`Event::Unknown`], not an error.
    ///
    /// # Errors
    /// Bytes that are no envelope: no JSON, no event type, no event.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        let text = std::str::from_utf8(bytes).map_err(EnvelopeError::NotUtf8)?;
        match one_pass::read(text) {
            Some(envelope) => Ok(envelope),
            None => Self::by_members(text),
        }
    }

    /// Reads any event: finds the members first, reads them then.
    pub(crate) fn by_members(text: &str) -> Result<Self, EnvelopeError> {
        let RawEnvelope { header, payload } = Members::from_text(text)?.into_envelope()?;
        let (event, reports) = Event::read_payload(&header, payload)?;
        Ok(Self {
            header,
            event,
            reports,
        })
    }

    /// The envelope, if its event is as documented in every respect: for tests and for those who
    /// would rather refuse an event than read it with a field missing.
    ///
    /// # Errors
    /// An event with reports.
    pub fn strict(self) -> Result<Self, Disagreement> {
        if self.reports.is_empty() {
            return Ok(self);
        }
        Err(Disagreement {
            event_type: self.header.event_type,
            event_id: self.header.event_id,
            reports: self.reports,
        })
    }
}

/// An envelope whose payload has not been read.
#[derive(Debug)]
pub(crate) struct RawEnvelope<'a> {
    pub(crate) header: Header,
    pub(crate) payload: &'a RawValue,
}

/// The outermost members of everything that the platform sends, unread.
///
/// Of a member that is repeated the last one counts, as in the official SDKs.
#[derive(Default)]
pub(crate) struct Members<'a> {
    schema: Option<&'a RawValue>,
    header: Option<&'a RawValue>,
    event: Option<&'a RawValue>,
    ts: Option<&'a RawValue>,
    uuid: Option<&'a RawValue>,
    kind: Option<&'a RawValue>,
    pub(crate) token: Option<&'a RawValue>,
    pub(crate) challenge: Option<&'a RawValue>,
    pub(crate) encrypt: Option<&'a RawValue>,
}

impl<'a> Members<'a> {
    pub(crate) fn from_slice(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        let text = std::str::from_utf8(bytes).map_err(EnvelopeError::NotUtf8)?;
        Self::from_text(text)
    }

    fn from_text(text: &'a str) -> Result<Self, EnvelopeError> {
        serde_json::from_str(text).map_err(EnvelopeError::NotAnObject)
    }

    /// Whether this is the platform's check of a URL, not an event.
    #[cfg(feature = "webhook")]
    pub(crate) fn is_url_verification(&self) -> bool {
        string(self.kind).as_deref() == Some("url_verification")
    }

    /// The envelope that the members are, in either protocol.
    pub(crate) fn into_envelope(self) -> Result<RawEnvelope<'a>, EnvelopeError> {
        let has_schema = self
            .schema
            .is_some_and(|schema| !matches!(schema.get(), "\"\"" | "null"));
        let payload = object(self.event, "event");
        if has_schema {
            let json = object(self.header, "header")?.get();
            let mut members = HeaderV2::default();
            let reports = read::read_str(&mut members, json).map_err(EnvelopeError::NotAnObject)?;
            let header = members.checked(&reports);
            let header = header.ok_or(EnvelopeError::NoEventType("header.event_type"))?;
            return Ok(RawEnvelope {
                header,
                payload: payload?,
            });
        }
        let payload = payload?;
        let inner: InnerV1<'_> =
            serde_json::from_str(payload.get()).map_err(EnvelopeError::NotAnObject)?;
        let event_type = string(inner.kind).filter(|name| !name.is_empty());
        let event_type = event_type.ok_or(EnvelopeError::NoEventType("event.type"))?;
        let header = Header {
            event_id: text(self.uuid),
            create_time: text(self.ts),
            token: string(self.token),
            app_id: text(inner.app_id),
            tenant_key: text(inner.tenant_key),
            ..Header::new(Protocol::V1, event_type)
        };
        Ok(RawEnvelope { header, payload })
    }
}

fn object<'a>(
    member: Option<&'a RawValue>,
    name: &'static str,
) -> Result<&'a RawValue, EnvelopeError> {
    member
        .filter(|json| json.get().starts_with('{'))
        .ok_or(EnvelopeError::NoObject(name))
}

/// The text of a string.
pub(crate) fn string(member: Option<&RawValue>) -> Option<String> {
    serde_json::from_str(member?.get()).ok()
}

/// The text of a string, or of a number as it is written.
fn text(member: Option<&RawValue>) -> Option<String> {
    let json = member?.get();
    let is_number = json.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if is_number {
        Some(json.to_owned())
    } else {
        string(member)
    }
}

/// The members of a 1.0 payload that say which event it is, and of whom.
#[derive(Default)]
struct InnerV1<'a> {
    kind: Option<&'a RawValue>,
    app_id: Option<&'a RawValue>,
    tenant_key: Option<&'a RawValue>,
}

/// Reads the named members of an object as raw JSON and passes over the others.
macro_rules! raw_members {
    ($type:ident { $($name:literal => $field:ident,)* }) => {
        impl<'de: 'a, 'a> Deserialize<'de> for $type<'a> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Read;
                impl<'de> Visitor<'de> for Read {
                    type Value = $type<'de>;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: MapAccess<'de>>(
                        self,
                        mut map: A,
                    ) -> Result<Self::Value, A::Error> {
                        let mut members = $type::default();
                        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                            match &*name {
                                $($name => members.$field = Some(map.next_value()?),)*
                                _ => drop(map.next_value::<IgnoredAny>()?),
                            }
                        }
                        Ok(members)
                    }
                }
                deserializer.deserialize_map(Read)
            }
        }
    };
}

raw_members!(Members {
    "schema" => schema,
    "header" => header,
    "event" => event,
    "ts" => ts,
    "uuid" => uuid,
    "type" => kind,
    "token" => token,
    "challenge" => challenge,
    "encrypt" => encrypt,
});

raw_members!(InnerV1 {
    "type" => kind,
    "app_id" => app_id,
    "tenant_key" => tenant_key,
});

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.header.protocol {
            Protocol::V2 => {
                map.serialize_entry("schema", "2.0")?;
                map.serialize_entry("header", &AsRecord(&HeaderV2::from(&self.header)))?;
            }
            Protocol::V1 => {
                let members = [
                    ("ts", &self.header.create_time),
                    ("uuid", &self.header.event_id),
                    ("token", &self.header.token),
                ];
                for (name, value) in members {
                    if let Some(value) = value {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.serialize_entry("type", "event_callback")?;
            }
        }
        match (self.header.protocol, self.event.record()) {
            (Protocol::V1, Ok(payload)) => {
                map.serialize_entry("event", &WithHeader(payload, &self.header))?;
            }
            _ => map.serialize_entry("event", &self.event)?,
        }
        map.end()
    }
}

/// Why bytes are no event.
#[derive(Debug)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The bytes are not UTF-8.
    NotUtf8(std::str::Utf8Error),
    /// The text is not JSON, or not an object.
    NotAnObject(serde_json::Error),
    /// This member of the envelope is missing or not an object.
    NoObject(&'static str),
    /// There is no event type in this member, or it is empty.
    NoEventType(&'static str),
    /// The payload does not fit the type that its handler was given for it.
    #[non_exhaustive]
    Payload {
        /// The event's name.
        event_type: String,
        /// What does not fit.
        source: serde_json::Error,
    },
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8(_) => f.write_str("an event must be UTF-8"),
            Self::NotAnObject(_) => f.write_str("an event must be a JSON object"),
            Self::NoObject(member) => write!(f, "the event's member `{member}` must be an object"),
            Self::Payload { event_type, source } => {
                write!(
                    f,
                    "the payload of `{event_type}` is not what its handler takes: {source}"
                )
            }
            Self::NoEventType(member) => {
                write!(
                    f,
                    "the event's member `{member}` must be a string that names its type"
                )
            }
        }
    }
}

impl std::error::Error for EnvelopeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotUtf8(error) => Some(error),
            Self::NotAnObject(error) | Self::Payload { source: error, .. } => Some(error),
            Self::NoObject(_) | Self::NoEventType(_) => None,
        }
    }
}
