//! The error of reading an envelope.

use std::fmt;

use crate::redact::one_line::OneLine;

/// Why bytes are not an event.
#[derive(Debug)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The bytes are not UTF-8.
    NotUtf8(std::str::Utf8Error),
    /// The text is not JSON, or not an object.
    NotAnObject(serde_json::Error),
    /// This member of the envelope is missing or not an object.
    NoObject(&'static str),
    /// This member of the envelope is null.
    Null(&'static str),
    /// There is no event type in this member, or it is empty.
    NoEventType(&'static str),
    /// The payload cannot be read into the handler's type, or is nested too deep.
    #[non_exhaustive]
    Payload {
        /// The event's name.
        event_type: String,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl EnvelopeError {
    /// The error of a payload that is an object but cannot be read.
    pub(crate) fn of_payload(event_type: &str, source: serde_json::Error) -> Self {
        Self::Payload {
            event_type: event_type.to_owned(),
            source,
        }
    }
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8(_) => f.write_str("an event must be UTF-8"),
            Self::NotAnObject(_) => f.write_str("an event must be a JSON object"),
            Self::NoObject(member) => write!(f, "the event's member `{member}` must be an object"),
            Self::Null(member) => write!(
                f,
                "the event's member `{member}` is null, and the platform sends an object: did \
                 something on the way remove it?"
            ),
            Self::Payload { event_type, source } => {
                // serde's message can quote the payload, which must not be logged.
                let (line, column) = (source.line(), source.column());
                let event_type = OneLine(event_type);
                write!(
                    f,
                    "the payload of `{event_type}` cannot be read into its type, at line {line}, \
                     column {column} of it"
                )
            }
            Self::NoEventType(member) => {
                write!(
                    f,
                    "the event's member `{member}` must be a string that names its type"
                )
            }
        }
    }
}

impl std::error::Error for EnvelopeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotUtf8(error) => Some(error),
            Self::NotAnObject(error) | Self::Payload { source: error, .. } => Some(error),
            Self::NoObject(_) | Self::Null(_) | Self::NoEventType(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_name_cannot_forge_a_log_line() {
        let name = "strange\nERROR forged\u{2028}line".to_owned() + &"x".repeat(10_000);
        let source = serde_json::from_str::<u8>("{}").unwrap_err();
        let shown = EnvelopeError::of_payload(&name, source).to_string();
        assert!(shown.contains("`strange ERROR forged linexx"), "{shown}");
        assert!(shown.chars().count() < 400, "{shown}");
    }
}
