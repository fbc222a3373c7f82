//! What the JSON of an event is read into: its own payload, any event, or a type of the user's.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::envelope::EnvelopeError;
use crate::event::{Event, Payload};
use crate::header::Header;
use crate::read;
use crate::report::Report;

/// What a handler's event is read into.
#[diagnostic::on_unimplemented(
    message = "an event cannot be read into `{Self}`",
    label = "this must implement `serde::Deserialize`"
)]
pub trait Content: Sized {
    /// What the handler answers the platform.
    type Response;

    /// Reads the envelope's member `event`.
    ///
    /// # Errors
    /// JSON that is no object, or not what a type of the user's can be read from.
    fn read(header: &Header, json: &RawValue) -> Result<(Self, Vec<Report>), EnvelopeError>;
}

impl<P: Payload> Content for P {
    type Response = ();

    fn read(_: &Header, json: &RawValue) -> Result<(Self, Vec<Report>), EnvelopeError> {
        let mut payload = Self::default();
        let reports = read::read_str(&mut payload, json.get());
        Ok((payload, reports.map_err(EnvelopeError::NotAnObject)?))
    }
}

impl Content for Event {
    type Response = ();

    fn read(header: &Header, json: &RawValue) -> Result<(Self, Vec<Report>), EnvelopeError> {
        Self::read_payload(header, json)
    }
}

/// The payload of an event that is not documented, as the user's own type `T`.
#[derive(Debug)]
pub struct Custom<T>(pub(crate) T);

impl<T: DeserializeOwned> Content for Custom<T> {
    type Response = ();

    fn read(header: &Header, json: &RawValue) -> Result<(Self, Vec<Report>), EnvelopeError> {
        match serde_json::from_str(json.get()) {
            Ok(payload) => Ok((Self(payload), Vec::new())),
            Err(source) => Err(EnvelopeError::Payload {
                event_type: header.event_type.clone(),
                source,
            }),
        }
    }
}
