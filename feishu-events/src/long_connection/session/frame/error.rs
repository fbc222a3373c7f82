//! What can be wrong with a frame.

use std::fmt;

use super::limits::{MOST_BESIDE_PAYLOAD, MOST_HEADERS};
use crate::redact::one_line::Words;

/// Why bytes are no frame, or a frame is not what its headers say.
#[derive(Debug)]
pub(crate) enum FrameError {
    /// The bytes are no protobuf message of this form.
    Malformed(prost::DecodeError),
    /// There are too many headers.
    TooManyHeaders,
    /// There is too much beside the payload.
    TooLong,
    /// A required field is missing.
    MissingField(&'static str),
    /// Of the header at this index, key or value is missing.
    MissingInHeader { index: usize, field: &'static str },
    /// The value of this header is no decimal number.
    NotANumber { key: &'static str, value: String },
}

impl FrameError {
    pub(in crate::long_connection::session::frame) fn not_a_number(
        key: &'static str,
        value: &str,
    ) -> Self {
        let value = Words(value).to_string();
        Self::NotANumber { key, value }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "the message is no frame: {error}"),
            Self::TooManyHeaders => {
                write!(f, "the frame has more than {MOST_HEADERS} headers")
            }
            Self::TooLong => write!(
                f,
                "the frame has more than {MOST_BESIDE_PAYLOAD} bytes beside its payload"
            ),
            Self::MissingField(field) => {
                write!(f, "the frame has no `{field}`, which is required")
            }
            Self::MissingInHeader { index, field } => {
                write!(
                    f,
                    "header {index} of the frame has no `{field}`, which is required"
                )
            }
            Self::NotANumber { key, value } => {
                write!(
                    f,
                    "the frame's header `{key}` must be a decimal number, not {value:?}"
                )
            }
        }
    }
}

impl std::error::Error for FrameError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            _ => None,
        }
    }
}
