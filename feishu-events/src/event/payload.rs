//! The traits of payloads, and the part of [`Event`] that is not generated.

use std::fmt;

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::catalog::event_type::EventType;
use crate::event::envelope::{EnvelopeError, LazyPayload};
pub use crate::generated::event::Event;
use crate::json::record::Record;
use crate::json::report::{Met, Report};
use crate::json::write::AsRecord;

/// Seals [`Payload`] and [`CustomPayload`]: only generated types implement them, because how those are
/// read is not part of the public interface.
pub trait Sealed: Record {}

impl<T: Record> Sealed for T {}

/// The payload of a known event: the object that its envelope carries as `event`.
///
/// It is implemented by the struct of each event, whose page does not say so; [`Event`] links to all.
///
/// The trait is sealed: only the generated types of this crate implement it. For an event of your
/// own, see [`CustomPayload`] and `#[feishu_handler("…", payload = …)]`.
pub trait Payload:
    Sealed + Clone + Default + fmt::Debug + PartialEq + Send + Sync + 'static
{
    /// What a handler returns: `()` for an event, the response for a callback.
    type Response;

    /// The event whose payload this is.
    const EVENT_TYPE: EventType;
}

/// The payload of your own event: a type that `feishu_events_gen` generated from your schema.
///
/// The trait is sealed: only generated code implements it. A type that you write yourself implements
/// `serde::Deserialize` instead, and is used with `#[feishu_handler("…", payload = …)]`.
pub trait CustomPayload:
    Sealed + Clone + Default + fmt::Debug + PartialEq + Send + Sync + 'static
{
    /// The event's name on the wire.
    const EVENT_TYPE: &'static str;
}

/// An event without a Rust type in this crate: it is private, newer than this version,
/// or its service's feature is off.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The event's name as received.
    pub event_type: String,
    /// The envelope's member `event` as received.
    pub payload: Box<RawValue>,
}

impl UnknownEvent {
    /// Reads the payload as your own type, with reports as for any other event.
    ///
    /// # Errors
    /// A payload that is not an object.
    pub fn read_as<P: CustomPayload>(&self) -> Result<(P, Vec<Report>), EnvelopeError> {
        let mut payload = P::default();
        let met = crate::json::read::read_str(&mut payload, self.payload.get());
        Ok((payload, met.map_err(EnvelopeError::NotAnObject)?.reports))
    }
}

impl PartialEq for UnknownEvent {
    fn eq(&self, other: &Self) -> bool {
        self.event_type == other.event_type && self.payload.get() == other.payload.get()
    }
}

impl Event {
    /// Reads a payload that was stored without its envelope: the JSON of the member `event`.
    ///
    /// ```
    /// use feishu_events::{Event, EventType};
    ///
    /// let (event, reports) = Event::from_payload(
    ///     EventType::ContactDepartmentDeletedV3,
    ///     r#"{ "object": { "name": "Sales" } }"#,
    /// )?;
    /// let Event::ContactDepartmentDeletedV3(deleted) = event else { panic!() };
    /// assert_eq!(deleted.object.and_then(|object| object.name).as_deref(), Some("Sales"));
    /// assert_eq!(reports, []);
    /// # Ok::<(), feishu_events::EnvelopeError>(())
    /// ```
    ///
    /// # Errors
    /// Text that is not a JSON object.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn from_payload(
        event_type: EventType,
        json: &str,
    ) -> Result<(Self, Vec<Report>), EnvelopeError> {
        let read = match Self::empty(event_type) {
            Some(event) => event.filled(|record| crate::json::read::read_str(record, json)),
            None => serde_json::from_str(json)
                .map(|payload| (Self::unknown(event_type.as_str(), payload), Met::default())),
        };
        let (event, met) = read.map_err(EnvelopeError::NotAnObject)?;
        Ok((event, met.reports))
    }

    /// Reads the payload of the event with this name.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn read(
        name: &str,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Met), EnvelopeError> {
        let read = match event_type.and_then(Self::empty) {
            Some(event) => event.filled(|record| payload.read_into(record)),
            None => payload
                .into_raw()
                .map(|payload| (Self::unknown(name, payload), Met::default())),
        };
        read.map_err(|source| EnvelopeError::of_payload(name, source))
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn filled(
        mut self,
        fill: impl FnOnce(&mut dyn Record) -> Result<Met, serde_json::Error>,
    ) -> Result<(Self, Met), serde_json::Error> {
        let met = match self.record_mut() {
            Some(record) => fill(record)?,
            None => Met::default(),
        };
        Ok((self, met))
    }

    fn unknown(event_type: &str, payload: &RawValue) -> Self {
        Self::Unknown(UnknownEvent {
            event_type: event_type.to_owned(),
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
