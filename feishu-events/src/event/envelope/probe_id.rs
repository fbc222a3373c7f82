//! Finds the string in a payload that identifies the event for deduplication.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::record::{Record, View};

/// Copies the string at `path` to `found` when the payload is read.
pub(in crate::event::envelope) struct Probe<'a> {
    pub(in crate::event::envelope) path: &'static [&'static str],
    pub(in crate::event::envelope) found: &'a mut Option<String>,
}

impl Probe<'_> {
    /// Looks for the string in a payload that has been read.
    pub(in crate::event::envelope) fn search(self, record: &dyn Record) {
        *self.found = string_in(record, self.path);
    }

    /// Looks for the string in the JSON of a payload.
    pub(in crate::event::envelope) fn search_json(self, json: &RawValue) {
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
        json = reader.deserialize_map(MemberNamed(name)).ok()??;
    }
    serde_json::from_str(json.get()).ok()
}

/// Reads the member of an object with this name; if the name is repeated, the last one.
struct MemberNamed<'n>(&'n str);

impl<'de> Visitor<'de> for MemberNamed<'_> {
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
