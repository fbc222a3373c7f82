//! What is the same for all events: the payload's trait, the dispatch enum's hand-written half.

use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::envelope::EnvelopeError;
use crate::event_type::EventType;
pub use crate::generated::event::Event;
use crate::header::Header;
use crate::record::Record;
use crate::report::Report;
use crate::write::AsRecord;

/// The payload of a documented event: the object that its envelope carries as `event`.
pub trait Payload:
    Record + Clone + Default + fmt::Debug + PartialEq + Send + Sync + 'static
{
    /// The event whose payload this is.
    const EVENT_TYPE: EventType;
}

/// The payload of an event of your own: a type that `feishu_events_gen` made of a schema of yours.
pub trait CustomPayload:
    Record + Clone + Default + fmt::Debug + PartialEq + Send + Sync + 'static
{
    /// The event's name on the wire.
    const EVENT_TYPE: &'static str;
}

/// An event of a type that has no Rust type here: it is not documented, newer than this version,
/// or its service's feature is off.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The event's name as it came.
    pub event_type: String,
    /// The envelope's member `event` as it came.
    pub payload: Box<RawValue>,
}

impl UnknownEvent {
    /// Reads the payload as a type of your own, with reports as for any other event.
    ///
    /// # Errors
    /// A payload that is no object.
    pub fn read_as<P: CustomPayload>(&self) -> Result<(P, Vec<Report>), EnvelopeError> {
        let mut payload = P::default();
        let reports = crate::read::read_str(&mut payload, self.payload.get());
        Ok((payload, reports.map_err(EnvelopeError::NotAnObject)?))
    }
}

impl PartialEq for UnknownEvent {
    fn eq(&self, other: &Self) -> bool {
        self.event_type == other.event_type && self.payload.get() == other.payload.get()
    }
}

impl Event {
    /// Reads the payload of the event that `header` names.
    pub(crate) fn read_payload(
        header: &Header,
        payload: &RawValue,
    ) -> Result<(Self, Vec<Report>), EnvelopeError> {
        let mut event = EventType::of(header)
            .and_then(Self::empty)
            .unwrap_or_else(|| Self::unknown(header, payload));
        let reports = match event.record_mut() {
            Some(record) => crate::read::read_str(record, payload.get()),
            None => Ok(Vec::new()),
        };
        Ok((event, reports.map_err(EnvelopeError::NotAnObject)?))
    }

    fn unknown(header: &Header, payload: &RawValue) -> Self {
        Self::Unknown(UnknownEvent {
            event_type: header.event_type.clone(),
            payload: payload.to_owned(),
        })
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.record() {
            Ok(record) => AsRecord(record).serialize(serializer),
            Err(unknown) => unknown.payload.serialize(serializer),
        }
    }
}
