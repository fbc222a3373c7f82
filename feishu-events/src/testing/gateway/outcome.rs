//! The outcome of a push.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The outcome of pushing an event once.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PushOutcome {
    /// A successful answer arrived in time: the platform does not send the event again.
    Acknowledged(Answer),
    /// An answer arrived in time, and reported a failure.
    Failed(Answer),
    /// An answer arrived after the deadline, which does not acknowledge the event.
    Late(Answer),
    /// No answer arrived in time.
    Unanswered,
    /// There was no connection to push it to.
    NotConnected,
}

/// A client's answer to an event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// 200 for success, 500 for failure.
    pub code: i64,
    /// The response to a callback, if there is one.
    pub response: Option<Value>,
    /// How long the handler took, according to the client.
    pub handler_time: Option<Duration>,
    /// The time from the push, with all its parts, to the answer.
    pub took: Duration,
}

impl PushOutcome {
    /// Whether the platform considers the event handled.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self, Self::Acknowledged(_))
    }

    /// The answer, in time or not.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Acknowledged(answer) | Self::Failed(answer) | Self::Late(answer) => Some(answer),
            Self::Unanswered | Self::NotConnected => None,
        }
    }

    /// The response to a callback, for example with a card's new content.
    pub fn response(&self) -> Option<&Value> {
        self.answer().and_then(|answer| answer.response.as_ref())
    }
}

impl fmt::Display for PushOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Acknowledged(answer) => write!(f, "acknowledged after {:?}", answer.took),
            Self::Failed(answer) => write!(f, "answered {} after {:?}", answer.code, answer.took),
            Self::Late(answer) => {
                write!(f, "answered {} too late, {:?}", answer.code, answer.took)
            }
            Self::Unanswered => f.write_str("not answered in time"),
            Self::NotConnected => f.write_str("no client was connected"),
        }
    }
}

impl Answer {
    /// Parses the payload of an answer.
    ///
    /// # Errors
    /// The protocol violation, for the delivery log.
    pub(super) fn read(payload: &[u8]) -> Result<Self, String> {
        let answer: Value = serde_json::from_slice(payload)
            .map_err(|error| format!("an answer is not JSON: {error}"))?;
        let code = answer.get("code").and_then(Value::as_i64);
        let code = code.ok_or_else(|| format!("an answer has no `code`: {answer}"))?;
        let data = answer.get("data").and_then(Value::as_str);
        let response = data.filter(|data| !data.is_empty()).map(|data| {
            let json = STANDARD
                .decode(data)
                .map_err(|error| format!("an answer's `data` is not base64: {error}"))?;
            serde_json::from_slice(&json)
                .map_err(|error| format!("an answer's `data` is not JSON: {error}"))
        });
        Ok(Self {
            code,
            response: response.transpose()?,
            handler_time: None,
            took: Duration::ZERO,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_are_parsed_and_invalid_ones_are_errors() {
        let read = |payload: &str| Answer::read(payload.as_bytes());
        assert_eq!(read(r#"{"code": 200}"#).unwrap().code, 200);
        let go = read(r#"{"code":500,"headers":null,"data":null}"#).unwrap();
        assert_eq!((go.code, go.response), (500, None));
        let callback = read(r#"{"code":200,"data":"eyJhIjoxfQ=="}"#).unwrap();
        assert_eq!(callback.response, Some(json!({ "a": 1 })));
        for wrong in [
            "",
            "{}",
            r#"{"code":200,"data":"?"}"#,
            r#"{"code":200,"data":"e30"}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
