//! What the JSON of an event is read into: its own payload, any event, or a type of the user's.

use serde::de::DeserializeOwned;

use crate::catalog::event_type::EventType;
use crate::event::envelope::{EnvelopeError, LazyPayload, RawEnvelope};
use crate::event::header::Header;
use crate::event::payload::{Event, Payload};
use crate::handler::context::Context;
use crate::handler::undecoded::{Delivered, Undecoded};
use crate::json::report::Report;

/// What a handler's event is read into.
#[diagnostic::on_unimplemented(
    message = "an event cannot be read into `{Self}`",
    label = "this must implement `serde::Deserialize`"
)]
pub trait Content: Sized {
    /// What the handler answers the platform.
    type Response;

    /// Reads the envelope's member `event`, of the event that `header` names, `event_type` if it is
    /// a known one.
    ///
    /// # Errors
    /// JSON that is nested too deep, or not what a type of the user's can be read from.
    fn read(
        header: &Header,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Vec<Report>), EnvelopeError>;

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
            let (content, reports) = Self::read(&header, event_type, payload)?;
            (Some(content), reports)
        } else {
            payload.pass_over().map_err(EnvelopeError::NotAnObject)?;
            (None, Vec::new())
        };
        Ok(Delivered {
            content,
            context: Context {
                header,
                reports,
                delivery: event.delivery,
            },
            json,
        })
    }
}

impl<P: Payload> Content for P {
    type Response = P::Response;

    fn read(
        header: &Header,
        _: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Vec<Report>), EnvelopeError> {
        let mut content = Self::default();
        match payload.read_into(&mut content) {
            Ok(reports) => Ok((content, reports)),
            Err(source) => Err(EnvelopeError::of_payload(&header.event_type, source)),
        }
    }
}

impl Content for Event {
    type Response = ();

    fn read(
        header: &Header,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Vec<Report>), EnvelopeError> {
        Self::read(header, event_type, payload)
    }
}

/// The payload of an event as the user's own type `T`.
#[derive(Debug)]
pub struct Custom<T>(pub(crate) T);

impl<T: DeserializeOwned> Content for Custom<T> {
    type Response = ();

    fn read(
        header: &Header,
        event_type: Option<EventType>,
        payload: LazyPayload<'_>,
    ) -> Result<(Self, Vec<Report>), EnvelopeError> {
        match payload.read(event_type) {
            Ok((content, reports)) => Ok((Self(content), reports)),
            Err(source) => Err(EnvelopeError::of_payload(&header.event_type, source)),
        }
    }
}
