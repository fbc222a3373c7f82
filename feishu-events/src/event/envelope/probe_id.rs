//! Finds the string in a payload that identifies the event for deduplication.

use serde_json::value::RawValue;

use super::raw_members::each_member;
use crate::json::record::{Record, View};
use crate::json::scan::whole_string;

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
    let mut json = json.get();
    for name in path {
        let mut found = None;
        each_member(json, &mut |it, value| {
            if it == *name {
                found = Some(value);
            }
        })
        .ok()?;
        json = found?;
    }
    whole_string(json)
}
