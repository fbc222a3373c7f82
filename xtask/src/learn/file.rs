//! Reads a file that `Drift` wrote. It is untrusted: errors name the invalid member, and no part of it
//! is used as a path.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_path_to_error::Segment;

use super::counts::{Absent, Counts, Difference, EventCounts, Kind, Seen};
use super::types;

const FORMAT: &str = "feishu-events drift";
const VERSION: u64 = 1;

/// The largest file that is read, in bytes; `Drift` writes smaller ones.
const LARGEST: u64 = 64 * 1024 * 1024;
const LONGEST_PATH: usize = 512;
const LONGEST_EVENT_TYPE: usize = 128;
/// `Drift` writes words that it has seen this often.
const WORD_SEEN: u64 = 20;
/// Longer error messages are truncated, because they may contain text of the file.
const LONGEST_MESSAGE: usize = 300;

/// Reads and checks the file at `path`.
///
/// # Errors
/// The problem, with the JSON pointer of the member.
pub(super) fn read(path: &Path) -> Result<Counts, String> {
    let file = File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut text = String::new();
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| format!("cannot be read: {error}"))?;
    if text.len() as u64 > LARGEST {
        return Err(format!("is larger than {LARGEST} bytes"));
    }
    parse(&text)
}

fn parse(text: &str) -> Result<Counts, String> {
    let mut json = serde_json::Deserializer::from_str(text);
    let written: Written =
        serde_path_to_error::deserialize(&mut json).map_err(|error| describe(&error))?;
    json.end().map_err(|error| error.to_string())?;
    let events = written.events.into_iter();
    Ok(Counts {
        events: events.map(|(name, event)| (name.0, event.into())).collect(),
    })
}

fn describe(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let mut place = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => place += &format!("/{index}"),
            Segment::Map { key } => {
                place += &format!("/{}", key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let separator = if place.is_empty() { "" } else { ": " };
    // Text of the file must neither end the line nor fill the screen. serde_json's message ends with the
    // line number, so the middle is left out.
    let cut = |text: String| -> String {
        let length = text.chars().count();
        if length <= LONGEST_MESSAGE {
            return text.escape_debug().to_string();
        }
        let half = LONGEST_MESSAGE / 2;
        let start: String = text.chars().take(half).collect();
        let end: String = text.chars().skip(length - half).collect();
        format!("{} … {}", start.escape_debug(), end.escape_debug())
    };
    cut(place) + separator + &cut(error.inner().to_string()).replace("\\\"", "\"")
}

/// The members of the file that `learn` reads.
#[derive(Deserialize)]
struct Written {
    #[serde(rename = "format")]
    _format: Format,
    #[serde(rename = "version")]
    _version: Version,
    events: BTreeMap<EventName, WrittenEvent>,
}

#[derive(Deserialize)]
struct WrittenEvent {
    count: u64,
    #[serde(default)]
    differences: Vec<WrittenDifference>,
    #[serde(default)]
    absent: Vec<WrittenAbsent>,
}

/// A type alias, because serde's derive would otherwise borrow the field from the text.
type TypeName = &'static str;

#[derive(Deserialize)]
struct WrittenDifference {
    path: Pointer,
    kind: Kind,
    #[serde(deserialize_with = "came_as")]
    came_as: TypeName,
    count: u64,
    first: u64,
    last: u64,
    #[serde(default)]
    words: BTreeMap<Word, TimesSeen>,
}

#[derive(Deserialize)]
struct WrittenAbsent {
    path: Pointer,
    looked_at: u64,
    absent: u64,
}

impl From<WrittenEvent> for EventCounts {
    fn from(event: WrittenEvent) -> Self {
        let mut counts = Self {
            count: event.count,
            ..Self::default()
        };
        for it in event.differences {
            let words = it.words.into_iter();
            let seen = Seen {
                count: it.count,
                first: it.first,
                last: it.last,
                files: 1,
                words: words.map(|(word, times)| (word.0, times.0)).collect(),
            };
            let difference = Difference {
                path: it.path.0,
                kind: it.kind,
                came_as: it.came_as,
            };
            counts.differences.entry(difference).or_default().add(&seen);
        }
        for it in event.absent {
            let absent = Absent {
                looked_at: it.looked_at,
                absent: it.absent,
            };
            counts.absent.insert(it.path.0, absent);
        }
        counts
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Format;

impl TryFrom<String> for Format {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let expected = || format!("not a file of this format: expected \"{FORMAT}\"");
        (text == FORMAT).then_some(Self).ok_or_else(expected)
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u64")]
struct Version;

impl TryFrom<u64> for Version {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, String> {
        let expected = || format!("version {number}; this command reads version {VERSION}");
        (number == VERSION).then_some(Self).ok_or_else(expected)
    }
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
struct EventName(String);

impl TryFrom<String> for EventName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if name.len() > LONGEST_EVENT_TYPE || !name.chars().all(is_plain) {
            return Err("not the name of an event");
        }
        Ok(Self(name))
    }
}

/// A JSON pointer into a payload, made of possible names of fields.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Pointer(String);

impl TryFrom<String> for Pointer {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_name = |name: &str| {
            let is_plain =
                |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '$' | '@');
            !name.is_empty() && name.chars().all(is_plain) && !name.chars().all(|c| c == '.')
        };
        let mut segments = text.split('/');
        let is_pointer = segments.next() == Some("") && segments.all(is_name);
        if text.len() > LONGEST_PATH || !is_pointer {
            return Err("not a JSON pointer made of field names");
        }
        Ok(Self(text))
    }
}

fn came_as<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let text = String::deserialize(deserializer)?;
    types::known(&text)
        .ok_or_else(|| D::Error::custom(format!("`{text}` is not a type that `Drift` writes")))
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
struct Word(String);

impl TryFrom<String> for Word {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        let is_word = word.bytes().all(|b| matches!(b, b'a'..=b'z' | b'_'));
        if !(1..=32).contains(&word.len()) || !is_word {
            return Err("not a word of `a` to `z` and `_`");
        }
        Ok(Self(word))
    }
}

#[derive(Deserialize)]
#[serde(try_from = "u64")]
struct TimesSeen(u64);

impl TryFrom<u64> for TimesSeen {
    type Error = String;

    fn try_from(times: u64) -> Result<Self, String> {
        let too_few = || format!("seen {times} times; `Drift` writes words seen {WORD_SEEN} times");
        (times >= WORD_SEEN)
            .then_some(Self(times))
            .ok_or_else(too_few)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn good() -> Value {
        serde_json::json!({ "format": FORMAT, "version": 1, "events": { "pond.duck.landed_v1": {
            "count": 3,
            "differences": [{ "path": "/duck/colour", "kind": "unlisted", "documented": "string",
                "came_as": "string", "count": 2, "first": 1, "last": 2, "words": { "on_hold": 20 } }],
            "absent": [{ "path": "/duck/name", "looked_at": 3, "absent": 3 }] } },
            "left_out": {} })
    }

    #[test]
    fn a_hostile_file_is_an_error_that_names_the_member() {
        assert_eq!(parse(&good().to_string()).map(|it| it.events.len()), Ok(1));
        let event = "/events/pond.duck.landed_v1";
        let long = "x".repeat(100_000);
        let no_pointer = "{}/differences/0/path: not a JSON pointer made of field names";
        for (place, wrong, said) in [
            ("/format", "x", "/format: not a file of this format"),
            ("/version", "1", "/version: invalid type: string \"1\""),
            ("/events", "x", "/events: invalid type: string \"x\""),
            (
                "{}/count",
                "x",
                "{}/count: invalid type: string \"x\", expected u64",
            ),
            ("{}/differences", "x", "{}/differences: invalid type"),
            ("{}/differences/0", "x", "{}/differences/0: invalid type"),
            (
                "{}/differences/0/kind",
                "x",
                "{}/differences/0/kind: unknown variant `x`",
            ),
            (
                "{}/differences/0/came_as",
                "x",
                "{}/differences/0/came_as: `x` is not a type",
            ),
            (
                "{}/differences/0/came_as",
                &long,
                "{}/differences/0/came_as: `xxx",
            ),
            ("{}/differences/0/path", "/../../etc", no_pointer),
            ("{}/differences/0/path", "/a\nb", no_pointer),
            ("{}/differences/0/path", "duck", no_pointer),
            ("{}/differences/0/path", &long, no_pointer),
            (
                "{}/absent/0/absent",
                "x",
                "{}/absent/0/absent: invalid type",
            ),
        ] {
            let mut bad = good();
            *bad.pointer_mut(&place.replace("{}", event))
                .expect("a member") = wrong.into();
            let error = parse(&bad.to_string()).expect_err(place);
            assert!(error.starts_with(&said.replace("{}", event)), "{error}");
            assert!(error.len() < 700, "{} bytes", error.len());
        }
        for (text, said) in [
            ("{", "EOF while parsing"),
            ("[]", "invalid"),
            ("{}", "missing field `format`"),
            (
                &good().to_string().replace("\"version\":1", "\"version\":2"),
                "/version: version 2; this command reads version 1",
            ),
            (
                &good().to_string().replace("pond.duck", "../pond"),
                "not the name of an event",
            ),
            (
                &good().to_string().replace("on_hold", "Secret 1"),
                "not a word of `a` to `z` and `_`",
            ),
            (
                &good()
                    .to_string()
                    .replace("\"on_hold\":20", "\"on_hold\":19"),
                "/words/on_hold: seen 19 times",
            ),
            (
                &good().to_string().replace("pond.duck", "a\\nb\\u001b"),
                "/events/a\\nb\\u{1b}.landed_v1: not",
            ),
            (&(good().to_string() + "{}"), "trailing characters"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(said), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
