//! What a frame may have beside its payload, counted before memory is taken for it: a header of two
//! bytes takes many times that when it has been read.

use prost::encoding::{DecodeContext, decode_key, skip_field};

use super::FrameError;
use super::wire::PAYLOAD;

/// How many bytes a frame may have beside its payload: the platform sends about 300, ten headers. Those
/// that it may come to send take at most 1.6 MB in memory, with two bytes each.
pub(crate) const MOST_BESIDE_PAYLOAD: usize = 64 * 1024;

/// Looks at the keys and lengths of a message.
pub(in crate::long_connection::session::frame) fn check(
    mut message: &[u8],
) -> Result<(), FrameError> {
    let mut beside = 0;
    while !message.is_empty() {
        let before = message.len();
        let (tag, wire_type) = decode_key(&mut message).map_err(FrameError::Malformed)?;
        skip_field(wire_type, tag, &mut message, DecodeContext::default())
            .map_err(FrameError::Malformed)?;
        if tag == PAYLOAD {
            continue;
        }
        beside += before - message.len();
        if beside > MOST_BESIDE_PAYLOAD {
            return Err(FrameError::TooLong {
                most: MOST_BESIDE_PAYLOAD,
            });
        }
    }
    Ok(())
}
