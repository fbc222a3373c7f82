//! Which events are callbacks, and the callback that arrives without an envelope.

#[cfg(any(feature = "webhook", feature = "long-connection"))]
use serde_json::value::RawValue;

use crate::catalog::event_type::EventType;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
use crate::catalog::protocol::Protocol;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
use crate::event::header::Header;

/// The callback of cards.
pub(crate) const CARD: &str = "card.action.trigger";

/// The callback of cards of the older format, which arrives without an envelope.
#[cfg(any(feature = "webhook", feature = "long-connection", feature = "testing"))]
pub(crate) const OLD_CARD: &str = "card.action.trigger_v1";

/// A callback that no schema describes.
const WITHOUT_SCHEMA: &str = "profile.view.get";

/// Whether this is the name of a callback: a user waits for the answer, and the platform does not
/// send it again.
pub(crate) fn is_callback(name: &str) -> bool {
    name.parse().is_ok_and(EventType::is_callback) || name == WITHOUT_SCHEMA
}

/// A header for the callback of an old card, which has none, and its payload: the whole `body`.
///
/// # Errors
/// Bytes that are not JSON.
#[cfg(any(feature = "webhook", feature = "long-connection"))]
pub(crate) fn old_card(body: &[u8]) -> Result<(Header, &RawValue), serde_json::Error> {
    let header = Header::new(Protocol::V1, OLD_CARD.to_owned());
    let text = std::str::from_utf8(body).map_err(serde::de::Error::custom)?;
    Ok((header, serde_json::from_str(text)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_is_known_by_its_name() {
        for name in [CARD, OLD_CARD, "url.preview.get", "profile.view.get"] {
            assert!(is_callback(name), "{name}");
        }
        for name in ["im.message.receive_v1", "acme.thing.done_v1", "message", ""] {
            assert!(!is_callback(name), "{name}");
        }
    }
}
