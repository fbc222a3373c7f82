//! Writing a record: to serde and to `Debug`, once for all types.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use crate::json::record::{ListView, Record, View};

/// The body of every generated `Serialize`. Absent fields are left out, as the platform does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(record: &dyn Record, serializer: S) -> Result<S::Ok, S::Error> {
    serialize_with(record, &[], serializer)
}

/// As [`serialize`], with those of the `others` that the record does not show.
pub(crate) fn serialize_with<S: Serializer>(
    record: &dyn Record,
    others: &[(&str, Option<&str>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let names = record.def().fields;
    let mut serializer = Some(serializer);
    let mut result = None;
    record.views(&mut |views| {
        result = serializer.take().map(|serializer| {
            let present = views
                .iter()
                .filter(|view| !matches!(view, View::Absent))
                .count();
            let is_shown = |name: &str| {
                let mut shown = names.iter().zip(views);
                shown.any(|(n, view)| *n == name && !matches!(view, View::Absent))
            };
            let others = others.iter().filter(|(name, _)| !is_shown(name));
            let others: Vec<(&str, &str)> = others
                .filter_map(|(name, value)| Some((*name, (*value)?)))
                .collect();
            let mut map = serializer.serialize_map(Some(present + others.len()))?;
            for (name, value) in others {
                map.serialize_entry(name, value)?;
            }
            for (name, view) in names.iter().zip(views) {
                if !matches!(view, View::Absent) {
                    map.serialize_entry(name, view)?;
                }
            }
            map.end()
        });
    });
    result.unwrap_or_else(|| Err(serde::ser::Error::custom("a record showed no fields")))
}

/// The body of every generated `Debug`. Absent fields are left out.
///
/// # Errors
/// Those of the formatter.
pub fn debug(record: &dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let names = record.def().fields;
    let mut result = Ok(());
    record.views(&mut |views| {
        let mut absent = false;
        let mut out = f.debug_struct(record.def().name);
        for (name, view) in names.iter().zip(views) {
            match view {
                View::Absent => absent = true,
                present => {
                    out.field(name, present);
                }
            }
        }
        result = if absent {
            out.finish_non_exhaustive()
        } else {
            out.finish()
        };
    });
    result
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Absent => serializer.serialize_unit(),
            Self::String(text) => serializer.serialize_str(text),
            Self::Int(number) => serializer.serialize_i64(number),
            Self::Float(number) => serializer.serialize_f64(number),
            Self::Bool(boolean) => serializer.serialize_bool(boolean),
            Self::Json(value) => value.serialize(serializer),
            Self::Map(map) => {
                let mut entries = serializer.serialize_map(Some(map.len()))?;
                let mut written = Ok(());
                map.entries(&mut |key, value| {
                    if written.is_ok() {
                        written = entries.serialize_entry(key, &value);
                    }
                });
                written?;
                entries.end()
            }
            Self::Enum(value) => value.wire().serialize(serializer),
            Self::Object(record) => serialize(record, serializer),
            Self::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                for index in 0..list.len() {
                    seq.serialize_element(&list.item(index))?;
                }
                seq.end()
            }
        }
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Absent => f.write_str("None"),
            Self::String(text) => text.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Bool(boolean) => boolean.fmt(f),
            Self::Json(value) => Json(value).fmt(f),
            Self::Map(map) => {
                let mut entries = f.debug_map();
                map.entries(&mut |key, value| {
                    entries.entry(&key, &value);
                });
                entries.finish()
            }
            Self::Enum(value) => value.fmt(f),
            Self::Object(record) => debug(record, f),
            Self::List(list) => f.debug_list().entries(items(list)).finish(),
        }
    }
}

/// Writes a value as JSON: `serde_json` has two serializers for that, which are larger than this crate's
/// reader.
struct Json<'a>(&'a Value);

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(boolean) => boolean.fmt(f),
            Value::Number(number) => fmt::Display::fmt(number, f),
            Value::String(text) => text.fmt(f),
            Value::Array(items) => f.debug_list().entries(items.iter().map(Json)).finish(),
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name, Json(value)));
                f.debug_map().entries(members).finish()
            }
        }
    }
}

fn items(list: &dyn ListView) -> impl Iterator<Item = View<'_>> {
    (0..list.len()).map(|index| list.item(index))
}

/// A record as a serializable value, for records that do not implement `Serialize` themselves.
pub(crate) struct AsRecord<'a>(pub(crate) &'a dyn Record);

impl Serialize for AsRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.0, serializer)
    }
}
