//! Turns the differences met in one event into paths that are the same for all events of its type.

use std::collections::BTreeSet;

use serde_json::Value;

use super::book::{Difference, Found, Kind, Name};
use crate::catalog::event_type::EventType;
use crate::event::payload::Event;
use crate::json::record::{Record, Slot};
use crate::json::report::{Met, ReportKind, kind_of};

/// How many reports of one event are counted: a hostile event can cause any number.
const MOST_REPORTS: usize = 1024;

/// The longest path that is kept, in bytes.
const LONGEST_PLACE: usize = 256;

/// The longest undocumented name that is kept, and the most digits in it: ids have more.
const LONGEST_NAME: usize = 64;
const MOST_DIGITS: usize = 3;

/// The longest value that is kept, in bytes.
const LONGEST_WORD: usize = 32;

/// The names of the ids of a person.
const IDS: [&str; 3] = ["open_id", "union_id", "user_id"];

/// The differences of one event, each once, with their unlisted words.
pub(super) fn differences(event_type: EventType, met: &Met) -> Found {
    let mut found = Found::default();
    for report in met.reports.iter().take(MOST_REPORTS) {
        let (kind, documented) = match report.kind {
            ReportKind::Converted { expected } => (Kind::Converted, Some(expected)),
            ReportKind::Unreadable { expected } => (Kind::Unreadable, Some(expected)),
            ReportKind::Undocumented => (Kind::Undocumented, None),
            ReportKind::Replaced => (Kind::Replaced, None),
        };
        let came_as = came_as(&report.found);
        if let Some(place) = Place::of(event_type, &report.path) {
            place.add_to(&mut found, kind, documented, came_as);
        }
    }
    for unlisted in &met.unlisted {
        let kind = unlisted.text.as_ref().map_or("int", |_| "string");
        let words = Place::of(event_type, &unlisted.path)
            .and_then(|place| place.add_to(&mut found, Kind::Unlisted, Some(kind), kind));
        let word = unlisted.text.as_ref().filter(|text| is_word(text));
        if let (Some(words), Some(word)) = (words, word) {
            words.insert(word.clone());
        }
    }
    found
}

/// Whether a value may be kept: a word like those of enums, which identifies nobody.
pub(super) fn is_word(text: &str) -> bool {
    let is_short = (1..=LONGEST_WORD).contains(&text.len());
    is_short && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'))
}

/// Whether a name looks like a field's name rather than data.
pub(super) fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    name.len() <= LONGEST_NAME
        && digits <= MOST_DIGITS
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(is_plain)
}

/// The type of a received value, as the documentation would call it.
fn came_as(found: &Value) -> &'static str {
    match found {
        Value::Object(members) => {
            let is_id = |name: &String| IDS.contains(&name.as_str());
            if !members.is_empty() && members.keys().all(is_id) {
                "user_id"
            } else {
                "object"
            }
        }
        Value::Array(items) => {
            let mut kinds = items.iter().map(kind_of);
            let first = kinds.next();
            match first.filter(|first| kinds.all(|kind| kind == *first)) {
                Some("string") => "string[]",
                Some("int") => "int[]",
                Some("float") => "float[]",
                Some("boolean") => "boolean[]",
                Some("object") => "object[]",
                _ => "list",
            }
        }
        scalar => kind_of(scalar),
    }
}

/// A path in the payloads of one event type.
#[derive(Debug, Default, PartialEq, Eq)]
struct Place {
    /// The documented part, as a JSON pointer.
    known: String,
    /// The undocumented name that follows, if any.
    new: Option<String>,
}

impl Place {
    /// The path of `pointer`, which is one event's; `None` if the feature of the event's service is
    /// off.
    fn of(event_type: EventType, pointer: &str) -> Option<Self> {
        let mut place = Self::default();
        let segments: Vec<&str> = pointer.split('/').skip(1).collect();
        let mut payload = Event::empty(event_type)?;
        place.walk_record(payload.record_mut()?, &segments);
        Some(place)
    }

    fn walk_record(&mut self, record: &mut dyn Record, segments: &[&str]) {
        let [segment, rest @ ..] = segments else {
            return;
        };
        let name = segment.replace("~1", "/").replace("~0", "~");
        let Some(index) = record.def().fields.iter().position(|field| *field == name) else {
            self.new = Some(name);
            return;
        };
        self.known += "/";
        self.known += segment;
        record.slots(&mut |slots| self.walk_slot(&mut slots[index], rest));
    }

    fn walk_slot(&mut self, slot: &mut Slot<'_>, segments: &[&str]) {
        let [segment, rest @ ..] = segments else {
            return;
        };
        match slot {
            Slot::Object(place) => self.walk_record(place.insert_empty(), segments),
            Slot::StringOrObject(place) => self.walk_record(place.insert_empty(), segments),
            Slot::List(list) => {
                self.known += "/-";
                // A single item where a list is documented has no index.
                let rest = if segment.parse::<usize>().is_ok() {
                    rest
                } else {
                    segments
                };
                list.push(&mut |mut item| self.walk_slot(&mut item, rest));
            }
            Slot::Map(map) => {
                self.known += "/*";
                map.entry("", &mut |mut value| self.walk_slot(&mut value, rest));
            }
            // What is inside is data.
            _ => {}
        }
    }

    /// Adds the difference at this path, unless the path is too long, and returns the set of its
    /// words.
    fn add_to<'f>(
        self,
        found: &'f mut Found,
        kind: Kind,
        documented: Option<&str>,
        came_as: &str,
    ) -> Option<&'f mut BTreeSet<String>> {
        if self.known.len() > LONGEST_PLACE {
            found.too_long += 1;
            return None;
        }
        let difference = Difference {
            object: self.known,
            name: match self.new {
                None => Name::None,
                Some(name) if is_name(&name) => Name::New(name),
                Some(_) => Name::Data,
            },
            kind,
            documented: documented.map(str::to_owned),
            came_as: came_as.to_owned(),
        };
        Some(found.differences.entry(difference).or_default())
    }
}

#[cfg(all(test, feature = "all-services"))]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_for_all_items_of_a_list() {
        let event_type = EventType::ContactDepartmentUpdatedV3;
        for (pointer, known, new) in [
            (
                "/object/leaders/17/leaderID",
                "/object/leaders/-/leaderID",
                None,
            ),
            (
                "/object/leaders/leaderID",
                "/object/leaders/-/leaderID",
                None,
            ),
            ("/object/leaders/3", "/object/leaders/-", None),
            ("/object/leaders/3/a~1b/c", "/object/leaders/-", Some("a/b")),
            ("/object/name/first", "/object/name", None),
            ("/colour", "", Some("colour")),
        ] {
            let place = Place::of(event_type, pointer).expect("a known event");
            assert_eq!(
                (&*place.known, place.new.as_deref()),
                (known, new),
                "{pointer}"
            );
        }
    }

    #[test]
    fn names_of_fields_are_kept_and_data_is_not() {
        for name in [
            "colour",
            "leaderID",
            "zh-CN",
            "i18n_name",
            "custom_field_10",
        ] {
            assert!(is_name(name), "{name}");
        }
        let long = "x".repeat(65);
        for name in [
            "",
            "ou_7d8a6e6df7621556",
            "4d7a3c6g",
            "张三",
            "a b",
            "_x",
            "a/b",
            &long,
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn only_values_like_those_of_enums_are_kept() {
        assert!(is_word("on_hold") && is_word(&"x".repeat(32)));
        for text in ["", "On", "on hold", "a1", "a-b", "名", &"x".repeat(33)] {
            assert!(!is_word(text), "{text}");
        }
    }
}
