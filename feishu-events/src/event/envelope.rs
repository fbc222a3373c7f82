//! From bytes to a header and an event, and back. Every transport reads events through this module.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, Serializer};

mod error;
mod lazy_payload;
mod members;
mod one_pass;
mod probe_id;
mod raw_members;

pub use error::EnvelopeError;
pub use lazy_payload::LazyPayload;
pub(crate) use members::Members;
#[cfg(feature = "webhook")]
pub(crate) use members::string;
pub(crate) use one_pass::open_usual;
#[cfg(feature = "delivery")]
pub(crate) use probe_id::string_at;

use crate::catalog::event_type::EventType;
use crate::catalog::protocol::Protocol;
use crate::event::header::{Header, HeaderV2};
use crate::event::payload::Event;
use crate::event::raw::RawEvent;
use crate::event::unread_header::UnreadHeader;
use crate::json::record::Record;
use crate::json::report::{Disagreement, Report};
use crate::json::write::{AsRecord, serialize_with};

/// An event with its header, and its differences from the documentation.
///
/// It serializes to the platform's format, in the protocol of its header:
/// [`Dispatcher::dispatch`](crate::Dispatcher::dispatch) and [`from_slice`](Self::from_slice) read it.
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
    /// The event's header.
    pub header: Header,
    /// The event.
    pub event: Event,
    /// Where the event differs from its documentation.
    pub reports: Vec<Report>,
}

impl Envelope {
    /// Reads an event as the platform sends it, after decryption, in either protocol.
    ///
    /// An event of an unknown type is [`Event::Unknown`], not an error.
    ///
    /// # Errors
    /// Bytes that are not an envelope: invalid JSON, no event type, no event.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn from_slice(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        open(bytes, Self::read)
    }

    /// Reads the event of an envelope.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn read(envelope: RawEnvelope<'_>) -> Result<Self, EnvelopeError> {
        let (event, met) = Event::read(
            envelope.header.event_type(),
            envelope.event_type,
            envelope.payload,
        )?;
        Ok(Self {
            header: envelope.header.into_read(),
            event,
            reports: met.reports,
        })
    }

    /// The envelope, if its event is exactly as documented: for tests, and for programs that prefer an
    /// error to a missing field.
    ///
    /// # Errors
    /// An event with reports.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn into_strict(self) -> Result<Self, Disagreement> {
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

/// Writes the members of an envelope that precede the event.
fn serialize_header<M: SerializeMap>(map: &mut M, header: &Header) -> Result<(), M::Error> {
    match header.protocol {
        Protocol::V2 => {
            map.serialize_entry("schema", "2.0")?;
            map.serialize_entry("header", &AsRecord(&HeaderV2::from(header)))?;
        }
        Protocol::V1 => {
            let members = [
                ("ts", &header.create_time),
                ("uuid", &header.event_id),
                ("token", &header.token),
            ];
            for (name, value) in members {
                if let Some(value) = value {
                    map.serialize_entry(name, value)?;
                }
            }
            map.serialize_entry("type", "event_callback")?;
        }
    }
    Ok(())
}

/// An envelope whose payload has not been read.
#[derive(Debug)]
pub(crate) struct RawEnvelope<'a> {
    pub(crate) header: UnreadHeader<'a>,
    /// The known event that the header names.
    pub(crate) event_type: Option<EventType>,
    pub(crate) payload: LazyPayload<'a>,
}

impl<'a> RawEnvelope<'a> {
    pub(crate) fn new(header: impl Into<UnreadHeader<'a>>, payload: LazyPayload<'a>) -> Self {
        let header = header.into();
        Self {
            event_type: EventType::of(&header),
            header,
            payload,
        }
    }

    /// The event's name, without an allocation for a known event.
    pub(crate) fn event_name(&self) -> Cow<'static, str> {
        match self.event_type {
            Some(event_type) => Cow::Borrowed(event_type.as_str()),
            None => Cow::Owned(self.header.event_type().to_owned()),
        }
    }
}

/// Reads the envelope of an event as the platform sends it, after decryption, and passes it to `then`.
///
/// `then` must have no side effects: it can be called twice, and its first result is then discarded.
///
/// # Errors
/// Bytes that are not an envelope, and errors of `then`.
pub(crate) fn open<T>(
    bytes: &[u8],
    mut then: impl FnMut(RawEnvelope<'_>) -> Result<T, EnvelopeError>,
) -> Result<T, EnvelopeError> {
    let text = std::str::from_utf8(bytes).map_err(EnvelopeError::NotUtf8)?;
    match open_usual(text, &mut then) {
        Some(done) => Ok(done),
        None => then(Members::from_text(text)?.into_envelope()?),
    }
}

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        serialize_header(&mut map, &self.header)?;
        match (self.header.protocol, self.event.record()) {
            (Protocol::V1, Ok(payload)) => {
                map.serialize_entry("event", &WithHeader(payload, &self.header))?;
            }
            _ => map.serialize_entry("event", &self.event)?,
        }
        map.end()
    }
}

/// A payload of protocol 1.0, which also has members that protocol 2.0 has in its header.
struct WithHeader<'a>(&'a dyn Record, &'a Header);

impl Serialize for WithHeader<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let header = self.1;
        let members = [
            ("type", Some(header.event_type.as_str())),
            ("app_id", header.app_id.as_deref()),
            ("tenant_key", header.tenant_key.as_deref()),
        ];
        serialize_with(self.0, &members, serializer)
    }
}

impl Serialize for RawEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        serialize_header(&mut map, &self.header)?;
        map.serialize_entry("event", &self.payload)?;
        map.end()
    }
}
