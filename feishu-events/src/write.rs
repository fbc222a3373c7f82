//! Writing a record: to serde and to `Debug`, once for all types.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::record::{ListView, Record, View};

/// The body of every generated `Serialize`. Absent fields are left out, as the platform does.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(record: &dyn Record, serializer: S) -> Result<S::Ok, S::Error> {
    serialize_named(record, None, serializer)
}

/// As [`serialize`], with a member `type` that holds `event_type` if the record shows none.
fn serialize_named<S: Serializer>(
    record: &dyn Record,
    event_type: Option<&str>,
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
            let mut shown = names.iter().zip(views);
            let is_named =
                shown.any(|(name, view)| *name == "type" && !matches!(view, View::Absent));
            let event_type = event_type.filter(|_| !is_named);
            let count = present + usize::from(event_type.is_some());
            let mut map = serializer.serialize_map(Some(count))?;
            if let Some(event_type) = event_type {
                map.serialize_entry("type", event_type)?;
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
            Self::Map(map) => map.serialize(serializer),
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
            Self::Json(value) => fmt::Display::fmt(value, f),
            Self::Map(map) => map.fmt(f),
            Self::Enum(value) => value.fmt(f),
            Self::Object(record) => debug(record, f),
            Self::List(list) => f.debug_list().entries(items(list)).finish(),
        }
    }
}

fn items(list: &dyn ListView) -> impl Iterator<Item = View<'_>> {
    (0..list.len()).map(|index| list.item(index))
}

/// A record as a serializable value, for records that do not implement `Serialize` themselves.
pub(crate) struct AsRecord<'a>(pub(crate) &'a dyn Record);

/// A payload of protocol 1.0, which carries the name of its event.
pub(crate) struct AsNamed<'a>(pub(crate) &'a dyn Record, pub(crate) &'a str);

impl Serialize for AsNamed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_named(self.0, Some(self.1), serializer)
    }
}

impl Serialize for AsRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.0, serializer)
    }
}
