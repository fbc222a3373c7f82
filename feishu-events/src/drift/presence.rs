//! Whether fields that need a scope of their own are present.

use serde_json::Value;

use crate::catalog::event_type::EventType;
use crate::json::record::{Record, View};

/// The fields with a scope of their own whose object is present, and whether each is present too.
pub(super) fn of_fields(event_type: EventType, record: &dyn Record) -> Vec<(&'static str, bool)> {
    let fields = event_type.field_scopes().iter();
    let mut segments = Vec::new();
    let looked_at = fields.filter_map(|field| {
        segments.clear();
        segments.extend(field.path.split('/').skip(1));
        Some((field.path, in_record(record, &segments)?))
    });
    looked_at.collect()
}

/// Whether the field is present; `None` if the object that would contain it is not.
fn in_record(record: &dyn Record, segments: &[&str]) -> Option<bool> {
    let [segment, rest @ ..] = segments else {
        return Some(true);
    };
    let fields = record.def().fields;
    let index = fields.iter().position(|field| field == segment)?;
    let mut found = None;
    record.views(&mut |views| found = in_view(*views.get(index).unwrap_or(&View::Absent), rest));
    found
}

fn in_view(view: View<'_>, segments: &[&str]) -> Option<bool> {
    let [segment, rest @ ..] = segments else {
        return Some(!matches!(view, View::Absent));
    };
    match view {
        View::Object(record) => in_record(record, segments),
        View::Json(value) => in_json(value, segments),
        View::List(items) if *segment == "-" => {
            let items = (0..items.len()).filter_map(|index| in_view(items.item(index), rest));
            any(items)
        }
        _ => None,
    }
}

fn in_json(value: &Value, segments: &[&str]) -> Option<bool> {
    let [segment, rest @ ..] = segments else {
        return Some(!value.is_null());
    };
    match value {
        Value::Array(items) if *segment == "-" => {
            any(items.iter().filter_map(|item| in_json(item, rest)))
        }
        Value::Object(members) => match members.get(*segment) {
            Some(member) => in_json(member, rest),
            None => rest.is_empty().then_some(false),
        },
        _ => None,
    }
}

/// Whether any item has the field; `None` if there are no items.
fn any(items: impl Iterator<Item = bool>) -> Option<bool> {
    items.reduce(|one, other| one || other)
}
