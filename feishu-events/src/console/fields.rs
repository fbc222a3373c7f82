//! The documented fields of an event, for tools that show or describe them.

use std::fmt;

use serde_json::Value;

use crate::catalog::event_type::EventType;
use crate::event::payload::Event;
use crate::json::open_enum::WireValue;
use crate::json::record::{Record, Slot};

/// A documented field of an event's payload.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// Where it is, as a JSON pointer into the payload, with `-` for the items of a list and `*` for the
    /// values of a map: `/object/leaders/-/leaderID`.
    pub path: String,
    /// What kind of value it has.
    pub kind: FieldKind,
    /// The values that are documented, if they are listed; others can arrive.
    pub values: Vec<Value>,
}

/// The kind of value that a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// An object, whose fields follow.
    Object,
    /// A list, whose item follows, with `-` in its path.
    List,
    /// An object with names that are data; its value follows, with `*` in its path.
    Map,
    /// Text, or an object whose fields follow.
    TextOrObject,
    /// Any JSON.
    Json,
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Text => "string",
            Self::Int => "int",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::List => "list",
            Self::Map => "map",
            Self::TextOrObject => "string or object",
            Self::Json => "any JSON",
        })
    }
}

impl EventType {
    /// The documented fields of the event's payload, each object before its fields; empty if the
    /// feature of its service is off.
    ///
    /// ```
    /// use feishu_events::{EventType, FieldKind};
    ///
    /// let fields = EventType::ContactDepartmentUpdatedV3.fields();
    /// let leader = fields.iter().find(|field| field.path == "/object/leaders/-/leaderType");
    /// let leader = leader.expect("it is documented");
    /// assert_eq!(leader.kind, FieldKind::Int);
    /// assert_eq!(leader.values, [1, 2]);
    /// ```
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn fields(self) -> Vec<Field> {
        let mut found = Vec::new();
        if let Some(record) = Event::empty(self).as_mut().and_then(Event::record_mut) {
            inside(record, "", &mut Vec::new(), &mut found);
        }
        found
    }
}

/// Adds the fields of a record, which is empty; `above` are the records that it is in.
fn inside(
    record: &mut dyn Record,
    path: &str,
    above: &mut Vec<&'static str>,
    found: &mut Vec<Field>,
) {
    let def = record.def();
    // What contains itself is described once.
    if above.contains(&def.name) {
        return;
    }
    above.push(def.name);
    record.slots(&mut |slots| {
        for (name, slot) in def.fields.iter().zip(slots) {
            let name = name.replace('~', "~0").replace('/', "~1");
            add(slot, &format!("{path}/{name}"), above, found);
        }
    });
    above.pop();
}

fn add(slot: &mut Slot<'_>, path: &str, above: &mut Vec<&'static str>, found: &mut Vec<Field>) {
    let mut values = Vec::new();
    let kind = match slot {
        Slot::String(_) => FieldKind::Text,
        Slot::Int(_) => FieldKind::Int,
        Slot::Float(_) => FieldKind::Float,
        Slot::Bool(_) => FieldKind::Boolean,
        Slot::Json(_) => FieldKind::Json,
        Slot::StringOrObject(_) => FieldKind::TextOrObject,
        Slot::Map(_) => FieldKind::Map,
        Slot::Object(_) => FieldKind::Object,
        Slot::List(_) => FieldKind::List,
        Slot::Enum(place) => {
            values.extend(place.documented().iter().map(|value| match value {
                WireValue::Int(int) => Value::from(*int),
                WireValue::Text(text) => Value::from(*text),
            }));
            if place.is_int() {
                FieldKind::Int
            } else {
                FieldKind::Text
            }
        }
    };
    found.push(Field {
        path: path.to_owned(),
        kind,
        values,
    });
    match slot {
        Slot::Object(place) => inside(place.insert_empty(), path, above, found),
        Slot::StringOrObject(place) => inside(place.insert_empty(), path, above, found),
        Slot::List(list) => {
            list.insert_empty();
            list.push(&mut |mut item| add(&mut item, &format!("{path}/-"), above, found));
        }
        Slot::Map(map) => {
            map.insert_empty();
            map.entry("*", &mut |mut value| {
                add(&mut value, &format!("{path}/*"), above, found);
            });
        }
        _ => {}
    }
}

#[cfg(all(test, feature = "all-services"))]
mod tests {
    use super::*;
    use crate::console::explain::Explanation;

    #[test]
    fn every_field_is_documented_and_every_scope_is_of_a_field() {
        for event_type in EventType::ALL {
            let fields = event_type.fields();
            for field in &fields {
                let why = event_type.explain(&field.path);
                let known = matches!(why, Explanation::Absent | Explanation::NeedsScopes(_));
                assert!(known, "{event_type} {}: {why}", field.path);
            }
            for scoped in event_type.field_scopes() {
                let is_there = fields.iter().any(|field| field.path == scoped.path);
                assert!(is_there, "{event_type} {}", scoped.path);
            }
        }
    }
}
