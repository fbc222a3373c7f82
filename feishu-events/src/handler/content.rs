//! What the JSON of an event is read into: its own payload, any event, or a type of the user's.

use serde::de::DeserializeOwned;

use crate::catalog::event_type::EventType;
use crate::event::envelope::{EnvelopeError, LazyPayload, RawEnvelope};
use crate::event::payload::{Event, Payload};
use crate::handler::undecoded::{Delivered, Undecoded};
#[cfg(feature = "drift")]
use crate::json::record::Record;
use crate::json::report::Met;

/// What a handler's event is read into.
#[diagnostic::on_unimplemented(
    message = "an event cannot be read into `{Self}`",
    label = "this must implement `serde::Deserialize`"
)]
pub trait Content: Sized {
    /// What the handler answers the platform.
    type Response;

    /// Reads the envelope's member `event`, of the event with this name, `event_type` if it is
    /// a known one.
    ///
    /// # Errors
    /// JSON that is nested too deep, or not what a type of the user's can be read from.
    fn read(
        name: &str,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Met), EnvelopeError>;

    /// What was read, if it is a documented payload.
    #[cfg(feature = "drift")]
    fn record(&self) -> Option<&dyn Record> {
        None
    }

    /// Reads the payload, if it `is_wanted`, and keeps it as it came, if it `is_wanted_raw`.
    ///
    /// # Errors
    /// A payload that cannot be read.
    fn deliver(
        event: Undecoded<'_>,
        is_wanted: bool,
        is_wanted_raw: bool,
    ) -> Result<Delivered<'_, Self>, EnvelopeError> {
        let RawEnvelope {
            header,
            event_type,
            mut payload,
        } = event.envelope;
        let mut json = None;
        if is_wanted_raw {
            let raw = payload.into_raw().map_err(EnvelopeError::NotAnObject)?;
            json = Some(raw);
            payload = LazyPayload::found(raw);
        }
        let (content, reports) = if is_wanted {
            let (content, met) = Self::read(header.event_type(), event_type, payload)?;
            #[cfg(feature = "drift")]
            if let (Some(drift), Some(event_type)) = (event.drift, event_type)
                && let Some(record) = content.record()
            {
                drift.saw(event_type, record, &met);
            }
            (Some(content), met.reports)
        } else {
            payload.pass_over().map_err(EnvelopeError::NotAnObject)?;
            (None, Vec::new())
        };
        Ok(Delivered {
            content,
            header,
            reports,
            delivery: event.delivery,
            json,
        })
    }
}

impl<P: Payload> Content for P {
    type Response = P::Response;

    fn read(
        name: &str,
        _: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Met), EnvelopeError> {
        let mut content = Self::default();
        match payload.read_into(&mut content) {
            Ok(met) => Ok((content, met)),
            Err(source) => Err(EnvelopeError::of_payload(name, source)),
        }
    }

    #[cfg(feature = "drift")]
    fn record(&self) -> Option<&dyn Record> {
        Some(self)
    }
}

impl Content for Event {
    type Response = ();

    #[cfg_attr(not(debug_assertions), inline)]
    fn read(
        name: &str,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Met), EnvelopeError> {
        Self::read(name, event_type, payload)
    }

    #[cfg(feature = "drift")]
    fn record(&self) -> Option<&dyn Record> {
        Event::record(self).ok()
    }
}

/// The payload of an event as the user's own type `T`.
#[derive(Debug)]
pub struct Custom<T>(pub(crate) T);

impl<T: DeserializeOwned> Content for Custom<T> {
    type Response = ();

    fn read(
        name: &str,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Met), EnvelopeError> {
        match payload.read(event_type) {
            Ok((content, met)) => Ok((Self(content), met)),
            Err(source) => Err(EnvelopeError::of_payload(name, source)),
        }
    }
}
