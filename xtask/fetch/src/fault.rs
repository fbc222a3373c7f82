//! The faults of a request, and how they are handled.

use std::time::{Duration, SystemTime};

use thiserror::Error;
use ureq::http::StatusCode;
use ureq::http::header::{HeaderMap, RETRY_AFTER};

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum Fault {
    /// The portal answered with a status other than 200.
    #[error("HTTP {status}{}", asked(*.pause))]
    Status {
        status: StatusCode,
        /// How long the portal asks to wait.
        pause: Option<Duration>,
    },
    /// The portal answered with an error code.
    #[error("the portal answered with code {code}: {msg}")]
    Code { code: i64, msg: String },
    /// The page has no text.
    #[error("the page has no text")]
    Empty,
    /// The page only redirects to another.
    #[error("the page only points to {to}")]
    Elsewhere { to: String },
    /// The answer does not have the form of the API.
    #[error("the answer does not have the form of the API: {what}")]
    Shape { what: &'static str },
    /// The answer is not JSON, or ends too early.
    #[error("the answer is not JSON: {what}; it starts with {start}")]
    NotJson { what: String, start: String },
    /// The answer is larger than any page.
    #[error("the answer has more than {limit} bytes")]
    TooLarge { limit: usize },
    /// There was no answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection could not be made, or broke.
    #[error("{what}")]
    Broken { what: String },
    /// The page cannot have a file.
    #[error("{what}")]
    NoFile { what: String },
}

/// What may help against a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// The same request again.
    Again,
    /// Again, and in the other form of the API.
    OtherForm,
    /// Nothing.
    None,
}

impl Fault {
    /// The fault for a status other than 200.
    pub(crate) fn of_status(status: StatusCode, headers: &HeaderMap) -> Self {
        let pause = headers.get(RETRY_AFTER).and_then(|value| {
            let value = value.to_str().ok()?.trim();
            pause(value, SystemTime::now())
        });
        Self::Status { status, pause }
    }

    /// What may help.
    pub(crate) fn remedy(&self) -> Remedy {
        match self {
            Self::Status { status, .. } => match status.as_u16() {
                408 | 425 | 429 | 500.. => Remedy::Again,
                _ => Remedy::OtherForm,
            },
            Self::NotJson { .. } | Self::TimedOut | Self::Broken { .. } => Remedy::Again,
            Self::Code { .. } | Self::Empty | Self::Shape { .. } => Remedy::OtherForm,
            Self::Elsewhere { .. } | Self::TooLarge { .. } | Self::NoFile { .. } => Remedy::None,
        }
    }

    /// How long the portal asks to wait.
    pub(crate) fn pause(&self) -> Option<Duration> {
        match self {
            Self::Status { pause, .. } => *pause,
            _ => None,
        }
    }

    /// Whether the next run will fail too, unless the page is changed.
    pub(crate) fn is_lasting(&self) -> bool {
        match self {
            Self::Empty | Self::TooLarge { .. } | Self::NoFile { .. } => true,
            fault => fault.is_absent(),
        }
    }

    /// Whether the portal has no such address.
    pub(crate) fn is_absent(&self) -> bool {
        let absent = [
            StatusCode::NOT_FOUND,
            StatusCode::METHOD_NOT_ALLOWED,
            StatusCode::GONE,
        ];
        matches!(self, Self::Status { status, .. } if absent.contains(status))
    }
}

impl From<ureq::Error> for Fault {
    fn from(error: ureq::Error) -> Self {
        match error {
            ureq::Error::Timeout(_) => Self::TimedOut,
            error => Self::Broken {
                what: shown(&error.to_string()),
            },
        }
    }
}

/// What `Retry-After` asks for: seconds, or a date.
fn pause(value: &str, now: SystemTime) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that is too large is a pause that is too long in any case.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // A time in the past means no wait.
    Some(date.duration_since(now).unwrap_or_default())
}

fn asked(pause: Option<Duration>) -> String {
    match pause {
        Some(pause) => format!("; the portal asks to wait {} s", pause.as_secs()),
        None => String::new(),
    }
}

/// Text of the portal for a terminal: one short line without control characters.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 160;
    let blank = |c: char| c.is_whitespace() || c.is_control() || is_invisible(c);
    let words = text.split(blank).filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Characters without a width, or that change the direction of text.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (value, seconds) in [
            ("0", Some(0)),
            ("120", Some(120)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                pause(value, now),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }

    #[test]
    fn text_of_the_portal_cannot_control_a_terminal() {
        assert_eq!(shown(" a\u{1b}[2J\nb\u{202e}c "), "a [2J b c");
        assert_eq!(shown(&"事".repeat(500)).chars().count(), 161);
    }
}
