//! A string inside a payload that the receiver itself is after: what an event is known by.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::record::{Record, View};

/// The string at `path`, copied to `found` when the payload is read.
pub(in crate::event::envelope) struct Watch<'a> {
    pub(in crate::event::envelope) path: &'static [&'static str],
    pub(in crate::event::envelope) found: &'a mut Option<String>,
}

impl Watch<'_> {
    /// Looks for the string in what has been read.
    pub(in crate::event::envelope) fn look_into(self, record: &dyn Record) {
        *self.found = string_in(record, self.path);
    }

    /// Looks for the string in a payload that stays as it is.
    pub(in crate::event::envelope) fn look_into_json(self, json: &RawValue) {
        *self.found = string_at(json, self.path);
    }
}

fn string_in(record: &dyn Record, path: &[&str]) -> Option<String> {
    let (name, rest) = path.split_first()?;
    let index = record.def().fields.iter().position(|field| field == name)?;
    let mut found = None;
    record.views(&mut |views| {
        found = match views.get(index) {
            Some(View::String(text)) if rest.is_empty() => Some((*text).to_owned()),
            Some(View::Object(inner)) => string_in(*inner, rest),
            _ => None,
        };
    });
    found
}

/// The string at `path` inside an object.
pub(crate) fn string_at(json: &RawValue, path: &[&str]) -> Option<String> {
    let mut json = json;
    for name in path {
        let mut reader = serde_json::Deserializer::from_str(json.get());
        json = reader.deserialize_map(Member(name)).ok()??;
    }
    serde_json::from_str(json.get()).ok()
}

/// Reads one member of an object; of a repeated one the last, as everywhere.
struct Member<'n>(&'n str);

impl<'de> Visitor<'de> for Member<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
