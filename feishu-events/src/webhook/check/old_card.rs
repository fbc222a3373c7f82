//! The callbacks of old cards: no envelope, only a payload.

use serde_json::value::RawValue;

use crate::callback::OLD_CARD;
use crate::envelope::{EnvelopeError, RawEnvelope, Unread};
use crate::header::{Header, Protocol};
use crate::webhook::Refusal;

/// The envelope that a callback of an old card would have.
pub(super) fn envelope(body: &[u8]) -> Result<RawEnvelope<'_>, Refusal> {
    let payload: &RawValue = serde_json::from_slice(body)
        .map_err(|error| Refusal::BodyNotJson(EnvelopeError::NotAnObject(error)))?;
    let header = Header::new(Protocol::V1, OLD_CARD.to_owned());
    Ok(RawEnvelope::new(header, Unread::found(payload)))
}
