//! What can be wrong with a frame.

use std::fmt;

use crate::redact::one_line::OneLine;

/// Why bytes are not a frame, or a frame is not what its headers say.
#[derive(Debug)]
pub(crate) enum FrameError {
    /// The bytes are not a protobuf message of this form.
    Malformed(prost::DecodeError),
    /// There is too much beside the payload.
    TooLong { most: usize },
    /// A required field is missing.
    MissingField(&'static str),
    /// Of the header at this index, key or value is missing.
    MissingInHeader { index: usize, field: &'static str },
    /// The value of this header is not a decimal number.
    NotANumber { key: &'static str, value: String },
}

impl FrameError {
    pub(in crate::long_connection::session::frame) fn not_a_number(
        key: &'static str,
        value: &str,
    ) -> Self {
        let value = OneLine(value).to_string();
        Self::NotANumber { key, value }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "the message is not a frame: {error}"),
            Self::TooLong { most } => {
                write!(f, "the frame has more than {most} bytes beside its payload")
            }
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
