//! Differences between an event and its documentation.

use std::fmt;

use serde_json::Value;

use crate::catalog::event_type::EventType;
use crate::redact::one_line::OneLine;

/// A difference between an event and its documentation.
///
/// Reports accompany the event and never replace it: a field that could not be read is `None`, and
/// its report has the original value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// The event, if it is a known one.
    pub event_type: Option<EventType>,
    /// Where, as a JSON pointer into the event's payload: `/object/leaders/0/leaderType`.
    pub path: String,
    /// The kind of difference.
    pub kind: ReportKind,
    /// The value that arrived.
    pub found: Value,
}

/// How a value differs from the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportKind {
    /// The value had a different type, and was converted without loss (`"1"` for an int).
    #[non_exhaustive]
    Converted {
        /// The documented kind of value.
        expected: &'static str,
    },
    /// The value could not be read as documented; the field is `None`, the item left out.
    #[non_exhaustive]
    Unreadable {
        /// The documented kind of value.
        expected: &'static str,
    },
    /// The field is not documented.
    Undocumented,
    /// The value is JSON that no Rust type can represent: a lone surrogate, for example from a
    /// truncated emoji, was replaced by U+FFFD, and a number beyond an `f64` by its text.
    Replaced,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of fields that nobody documented are the sender's words, too.
        let (path, found) = (OneLine(&self.path), &self.found);
        match self.kind {
            ReportKind::Converted { expected } => {
                write!(
                    f,
                    "`{path}` arrived as {}, documented as {expected}; converted",
                    kind_of(found)
                )
            }
            ReportKind::Unreadable { expected } => {
                write!(
                    f,
                    "`{path}` arrived as {}, documented as {expected}; left out",
                    kind_of(found)
                )
            }
            ReportKind::Undocumented => write!(f, "`{path}` is not documented"),
            ReportKind::Replaced => {
                write!(
                    f,
                    "`{path}` contains a lone surrogate or an out-of-range number; replaced"
                )
            }
        }
    }
}

impl Report {
    /// The page that differs, with the day of its last change, if known.
    pub fn page(&self) -> Option<String> {
        let event_type = self.event_type?;
        let day = event_type.document_updated();
        let day = day.map(|day| format!(", as of {day}")).unwrap_or_default();
        Some(event_type.document()? + &day)
    }
}

/// An event that differs from its documentation, as an error of
/// [`Envelope::into_strict`](crate::Envelope::into_strict).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Disagreement {
    /// The event's name.
    pub event_type: String,
    /// The id of this event.
    pub event_id: Option<String>,
    /// The differences; at least one.
    pub reports: Vec<Report>,
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.event_id.as_deref().unwrap_or("without an id");
        let (name, id) = (OneLine(&self.event_type), OneLine(id));
        write!(f, "event {id} of `{name}` is not as documented")?;
        if let Some(page) = self.reports.first().and_then(Report::page) {
            write!(f, " ({page})")?;
        }
        self.reports
            .iter()
            .try_for_each(|report| write!(f, "\n  {report}"))
    }
}

impl std::error::Error for Disagreement {}

/// What a value is, in the words of the documentation.
pub(crate) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// What reading a payload met.
#[derive(Debug, Default)]
pub struct Met {
    /// The differences from the documentation.
    pub(crate) reports: Vec<Report>,
    /// The values of enums that are not listed; the first ones.
    #[cfg(feature = "drift")]
    pub(crate) unlisted: Vec<Unlisted>,
}

/// A value of an enum that is not listed. It is no [`Report`]: the field has it.
#[cfg(feature = "drift")]
#[derive(Debug)]
pub(crate) struct Unlisted {
    /// Where, as in a report.
    pub(crate) path: String,
    /// The value, if it is text.
    pub(crate) text: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_writes_one_line_for_each_report_into_the_log() {
        let report = Report {
            event_type: None,
            path: "/forged\nline".to_owned() + &"x".repeat(10_000),
            kind: ReportKind::Undocumented,
            found: Value::Null,
        };
        let disagreement = Disagreement {
            event_type: "strange\nERROR".to_owned(),
            event_id: Some("5e37\nERROR".to_owned()),
            reports: vec![report],
        };
        let shown = disagreement.to_string();
        let expected =
            "event 5e37 ERROR of `strange ERROR` is not as documented\n  `/forged linexx";
        assert!(shown.starts_with(expected), "{shown}");
        assert_eq!(shown.lines().count(), 2, "{shown}");
        assert!(shown.chars().count() < 500, "{shown}");
    }
}
