//! Which envelope an event arrives in, and which event a sample shows.

use feishu_events_gen::internals::schema::Protocol;

use crate::pages::dialect::{FieldRow, Level};
use crate::pages::sample::Value;

/// The protocol whose envelope the outermost rows are, if they are one.
pub(crate) fn of_rows(rows: &[FieldRow]) -> Option<Protocol> {
    let may_be_outermost = |row: &FieldRow| matches!(row.level, Level::At(0) | Level::Open);
    let outermost = |name: &str| {
        rows.iter()
            .any(|row| may_be_outermost(row) && row.name == name)
    };
    if outermost("header") && outermost("event") {
        Some(Protocol::V2)
    } else if outermost("event") && (outermost("uuid") || outermost("token")) {
        Some(Protocol::V1)
    } else {
        None
    }
}

/// The protocol of the event that a sample shows, and its name if the sample has it; nothing
/// if it shows no event.
pub(crate) fn of_sample(sample: &Value) -> Option<(Protocol, Option<&str>)> {
    let event = sample.get("event")?;
    if let Some(header) = sample.get("header") {
        let name = header.get("event_type").and_then(Value::as_str);
        return Some((Protocol::V2, name));
    }
    sample.get("uuid").or_else(|| sample.get("token"))?;
    Some((Protocol::V1, event.get("type").and_then(Value::as_str)))
}
