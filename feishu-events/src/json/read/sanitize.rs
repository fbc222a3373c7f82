//! Well-formed JSON that no Rust type can represent: lone surrogates, for example from a truncated
//! emoji, and numbers beyond an `f64`. One such value must not cost the whole event.

use std::collections::HashSet;

use serde_json::Value;
use serde_json::value::RawValue;

use super::path::push_key;
use crate::catalog::event_type::EventType;
use crate::json::report::{Report, ReportKind};
use crate::json::scan::whole_string;

/// How many bytes of names and values of what was replaced are kept for reports: long names above
/// many broken values must not all be written out.
const REPORTED_LIMIT: usize = 64 * 1024;

/// Deeper JSON cannot be read into any type, with or without replacements.
const DEEPEST: usize = 128;

/// JSON in which every value that no type can represent has been replaced.
pub(in crate::json::read) struct Sanitized {
    pub(in crate::json::read) json: String,
    /// Where something was replaced, as a JSON pointer, and the replacement; the first ones.
    places: Vec<(String, Value)>,
}

impl Sanitized {
    /// Adds what was replaced to the reports of reading it, unless they already mention it.
    pub(in crate::json::read) fn report(
        self,
        event_type: Option<EventType>,
        reports: &mut Vec<Report>,
    ) {
        let reported: HashSet<String> = reports.iter().map(|report| report.path.clone()).collect();
        let places = self.places.into_iter();
        let unreported = places.filter(|(path, _)| !reported.contains(path));
        reports.extend(unreported.map(|(path, found)| Report {
            event_type,
            path,
            kind: ReportKind::Replaced,
            found,
        }));
    }
}

/// Replaces lone surrogates by U+FFFD and out-of-range numbers by their text; `None` if there is
/// nothing to replace, or if this is not well-formed JSON, or too deep.
#[cold]
pub(in crate::json::read) fn sanitize(json: &str) -> Option<Sanitized> {
    // To pass over a value does not look whether a type can hold it.
    serde_json::from_str::<&RawValue>(json).ok()?;
    let mut mender = Mender::default();
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let (token, behind) = rest.split_at_checked(token_length(first, rest))?;
        match first {
            '"' => mender.string(token)?,
            '-' | '0'..='9' => mender.number(token),
            _ => mender.other(first),
        }
        if mender.way.len() > DEEPEST {
            return None;
        }
        rest = behind;
    }
    (!mender.places.is_empty()).then_some(Sanitized {
        json: mender.json,
        places: mender.places,
    })
}

/// The length of the string, the number or the single character that `text` begins with.
fn token_length(first: char, text: &str) -> usize {
    match first {
        '"' => {
            let mut is_escaped = false;
            let end = text.bytes().skip(1).position(|byte| {
                let is_end = byte == b'"' && !is_escaped;
                is_escaped = byte == b'\\' && !is_escaped;
                is_end
            });
            end.map_or(text.len(), |end| end + 2)
        }
        '-' | '0'..='9' => text
            .find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(text.len()),
        other => other.len_utf8(),
    }
}

#[derive(Default)]
struct Mender {
    json: String,
    way: Vec<Step>,
    places: Vec<(String, Value)>,
    /// How many bytes are in `places`.
    reported: usize,
}

/// One level of the way to where the mender stands.
enum Step {
    /// In an object, at the member with this name; before it, there is none.
    Member(Option<String>),
    Item(usize),
}

impl Mender {
    fn string(&mut self, token: &str) -> Option<()> {
        let (text, is_mended) = if let Some(text) = whole_string(token) {
            self.json += token;
            (text, false)
        } else {
            let whole = whole(token)?;
            self.json += &whole;
            (whole_string(&whole)?, true)
        };
        if let Some(Step::Member(name @ None)) = self.way.last_mut() {
            *name = Some(text.clone());
        }
        if is_mended {
            self.replaced(text);
        }
        Some(())
    }

    fn number(&mut self, token: &str) {
        if token.parse().is_ok_and(f64::is_finite) {
            self.json += token;
        } else {
            self.json.extend(["\"", token, "\""]);
            self.replaced(token.to_owned());
        }
    }

    /// A character that stands for itself.
    fn other(&mut self, character: char) {
        self.json.push(character);
        match (character, self.way.last_mut()) {
            ('{', _) => self.way.push(Step::Member(None)),
            ('[', _) => self.way.push(Step::Item(0)),
            ('}' | ']', _) => drop(self.way.pop()),
            (',', Some(Step::Member(name))) => *name = None,
            (',', Some(Step::Item(index))) => *index += 1,
            _ => {}
        }
    }

    fn replaced(&mut self, by: String) {
        if self.reported > REPORTED_LIMIT {
            return;
        }
        let mut pointer = String::new();
        for step in &self.way {
            match step {
                Step::Member(name) => push_key(&mut pointer, name.as_deref().unwrap_or_default()),
                Step::Item(index) => push_key(&mut pointer, &index.to_string()),
            }
        }
        self.reported += pointer.len() + by.len();
        self.places.push((pointer, Value::String(by)));
    }
}

/// A string, as JSON, with U+FFFD in place of each lone surrogate.
fn whole(token: &str) -> Option<String> {
    let mut whole = String::new();
    let mut rest = token;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at_checked(at)?;
        whole += before;
        let next = escaped.get(6..).and_then(code_unit);
        let (length, is_half) = match (code_unit(escaped), next) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (12, false),
            (Some(unit), _) => (6, matches!(unit, 0xd800..=0xdfff)),
            (None, _) => (2, false),
        };
        let (escape, behind) = escaped.split_at_checked(length)?;
        whole += if is_half { r"\ufffd" } else { escape };
        rest = behind;
    }
    Some(whole + rest)
}

/// The code unit that `\u` and four digits stand for, if `text` begins with these.
fn code_unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_type_can_hold_is_replaced_and_nothing_else() {
        let json = r#" { "a/b": [1, "\"\\ud83d", -1.5e+400, "\uD83D\ude00 \ude00\ud83dx"],
            "\udc00": {"é": "\ud83d\u0041" , "b": [[], {}, 1E999]}, "c": "\\\ud83d" } "#;
        let mended = sanitize(json).unwrap();
        let value: Value = serde_json::from_str(&mended.json).unwrap();
        assert_eq!(
            value,
            json!({
                "a/b": [1, "\"\\ud83d", "-1.5e+400", "😀 \u{fffd}\u{fffd}x"],
                "\u{fffd}": { "é": "\u{fffd}A", "b": [[], {}, "1E999"] },
                "c": "\\\u{fffd}",
            })
        );
        let pointers: Vec<&str> = mended
            .places
            .iter()
            .map(|(path, _)| path.as_str())
            .collect();
        assert_eq!(
            pointers,
            [
                "/a~1b/2",
                "/a~1b/3",
                "/\u{fffd}",
                "/\u{fffd}/é",
                "/\u{fffd}/b/2",
                "/c"
            ]
        );
        for (pointer, found) in &mended.places {
            let there = value.pointer(pointer);
            assert!(pointer == "/\u{fffd}" || there == Some(found), "{pointer}");
        }
    }

    #[test]
    fn long_names_above_many_broken_values_are_not_written_out_for_each() {
        let key = "k".repeat(10_000);
        let items = vec![r#""\ud800""#; 5000].join(",");
        let json = format!(r#"{{"{key}":[{items}]}}"#);
        let mended = sanitize(&json).unwrap();
        assert_eq!(mended.json.matches(r"\ufffd").count(), 5000);
        let reported: usize = mended.places.iter().map(|(path, _)| path.len()).sum();
        assert!(
            !mended.places.is_empty() && reported < 100_000,
            "{reported}"
        );
        let deep = format!("{}{items}{}", "[".repeat(5000), "]".repeat(5000));
        assert!(sanitize(&deep).is_none());
    }

    #[test]
    fn where_there_is_nothing_to_replace_nothing_is() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        for json in [
            r#"{"a":[1,-2.5e3,"\ud83d\ude00",null,true,"\\"]}"#,
            "",
            &deep,
        ] {
            assert!(sanitize(json).is_none(), "{json}");
        }
        for json in [r#"["\ud83d"#, r#"{"a":"\ud8"}"#, "[1e400", "}]{", "é"] {
            assert!(sanitize(json).is_none(), "{json}");
        }
    }
}
