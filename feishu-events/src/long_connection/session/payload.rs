//! From the payload of a message to a header and an event's payload that nobody has read.

use serde_json::value::RawValue;

use crate::callback::{CARD, OLD_CARD, old_card};
use crate::event::envelope::{EnvelopeError, Members};
use crate::event::header::Header;

/// Of an event, or of a callback.
pub(in crate::long_connection) fn event(
    payload: &[u8],
) -> Result<(Header, &RawValue), EnvelopeError> {
    let envelope = Members::from_slice(payload)?.into_envelope()?;
    let json = envelope.payload.into_raw();
    Ok((
        envelope.header.into_read(),
        json.map_err(EnvelopeError::NotAnObject)?,
    ))
}

/// Of a card's callback: an old card's has no envelope, only a payload.
///
/// `None` is an event that has nothing to do with cards: nobody knows why it should come like this,
/// and no client of the platform answers it.
pub(in crate::long_connection) fn card(
    payload: &[u8],
) -> Result<Option<(Header, &RawValue)>, EnvelopeError> {
    Members::from_slice(payload)?;
    if let Ok((header, json)) = event(payload) {
        let is_card = matches!(header.event_type.as_str(), CARD | OLD_CARD);
        return Ok(is_card.then_some((header, json)));
    }
    old_card(payload)
        .map(Some)
        .map_err(EnvelopeError::NotAnObject)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card_type(payload: &str) -> Option<String> {
        let envelope = card(payload.as_bytes()).unwrap();
        envelope.map(|(header, _)| header.event_type)
    }

    #[test]
    fn a_card_frame_holds_the_callback_of_a_card() {
        let new = r#"{"schema":"2.0","header":{"event_type":"card.action.trigger"},"event":{}}"#;
        assert_eq!(card_type(new).as_deref(), Some(CARD));
        let old = r#"{"open_id":"ou_1","token":"c-1","action":{"tag":"button","value":{}}}"#;
        assert_eq!(card_type(old).as_deref(), Some(OLD_CARD));
        let event = r#"{"schema":"2.0","header":{"event_type":"test.plain_v1"},"event":{}}"#;
        assert_eq!(card_type(event), None);
        card(b"[]").unwrap_err();
        card(b"oops").unwrap_err();
    }
}
