//! What reading an event met that the documentation does not say.

use std::fmt;

use serde_json::Value;

/// Something in an event that does not agree with its documentation.
///
/// Reports stand beside the event, never in its place: a field that could not be read is `None`
/// and its report has what came.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Where, as a JSON pointer into the event's payload: `/object/leaders/0/leaderType`.
    pub path: String,
    /// In what way.
    pub kind: ReportKind,
    /// What came.
    pub found: Value,
}

/// In what way a value does not agree with the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReportKind {
    /// The value came in another form, and was converted without loss (`"1"` for an int).
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
    /// The documentation does not know the field.
    Undocumented,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, found, .. } = self;
        match self.kind {
            ReportKind::Converted { expected } => {
                write!(
                    f,
                    "`{path}` came as {}, documented as {expected}; converted",
                    kind_of(found)
                )
            }
            ReportKind::Unreadable { expected } => {
                write!(
                    f,
                    "`{path}` came as {}, documented as {expected}; left out",
                    kind_of(found)
                )
            }
            ReportKind::Undocumented => write!(f, "`{path}` is not documented"),
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
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
