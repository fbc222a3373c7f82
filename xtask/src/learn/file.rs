//! A file that `Drift` wrote. It comes from somebody else: whatever is wrong with it is said with the
//! member that it is in, and nothing of it becomes the name of a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use super::counts::{Absent, Counts, Difference, EventCounts, Kind, Seen};
use super::types;

const FORMAT: &str = "feishu-events drift";
const VERSION: u64 = 1;

/// More than `Drift` ever writes.
const LARGEST: u64 = 64 * 1024 * 1024;
const LONGEST_PATH: usize = 512;
const LONGEST_EVENT_TYPE: usize = 128;

/// What is wrong, and where.
type Parsed<T> = Result<T, String>;

pub(super) fn read(path: &Path) -> Parsed<Counts> {
    let file = File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut text = String::new();
    file.take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(|error| format!("cannot be read: {error}"))?;
    if text.len() as u64 > LARGEST {
        return Err(format!(
            "is larger than {LARGEST} bytes, which no such file is"
        ));
    }
    parse(&text)
}

fn parse(text: &str) -> Parsed<Counts> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}"))?;
    let file = At {
        value: &value,
        place: String::new(),
    };
    if file.member("format")?.text()? != FORMAT {
        return Err(file
            .member("format")?
            .wrong(&format!("is not \"{FORMAT}\"")));
    }
    let version = file.member("version")?;
    if version.number()? != VERSION {
        return Err(version.wrong(&format!(
            "is not {VERSION}, the version that this command reads"
        )));
    }
    let listed = file.member("events")?;
    let mut counts = Counts::default();
    for event_type in listed.object()?.keys() {
        let event = listed.member(event_type)?;
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if event_type.len() > LONGEST_EVENT_TYPE || !event_type.chars().all(is_plain) {
            return Err(event.wrong("is not the name of an event"));
        }
        counts
            .events
            .insert(event_type.clone(), event_counts(&event)?);
    }
    Ok(counts)
}

fn event_counts(event: &At<'_>) -> Parsed<EventCounts> {
    let mut counts = EventCounts {
        count: event.member("count")?.number()?,
        ..EventCounts::default()
    };
    for entry in event.list("differences")? {
        let (difference, seen) = difference(&entry)?;
        counts.differences.entry(difference).or_default().add(&seen);
    }
    for entry in event.list("absent")? {
        let absent = Absent {
            looked_at: entry.member("looked_at")?.number()?,
            absent: entry.member("absent")?.number()?,
        };
        counts
            .absent
            .insert(entry.member("path")?.pointer()?, absent);
    }
    Ok(counts)
}

fn difference(entry: &At<'_>) -> Parsed<(Difference, Seen)> {
    let kind = entry.member("kind")?;
    let kind = match kind.text()? {
        "undocumented" => Kind::Undocumented,
        "converted" => Kind::Converted,
        "unreadable" => Kind::Unreadable,
        "replaced" => Kind::Replaced,
        "unlisted" => Kind::Unlisted,
        _ => return Err(kind.wrong("is not a kind of difference")),
    };
    let came_as = entry.member("came_as")?;
    let known = types::known(came_as.text()?);
    let difference = Difference {
        path: entry.member("path")?.pointer()?,
        kind,
        came_as: known.ok_or_else(|| came_as.wrong("is not a type that can come"))?,
    };
    let mut seen = Seen {
        count: entry.member("count")?.number()?,
        first: entry.member("first")?.number()?,
        last: entry.member("last")?.number()?,
        files: 1,
        ..Seen::default()
    };
    if let Some(words) = entry.optional("words")? {
        for word in words.object()?.keys() {
            let times = words.member(word)?;
            let is_word = |text: &str| text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'_'));
            if !(1..=32).contains(&word.len()) || !is_word(word) {
                return Err(times.wrong("is not a word"));
            }
            seen.words.insert(word.clone(), times.number()?);
        }
    }
    Ok((difference, seen))
}

/// A member, and where it is.
struct At<'a> {
    value: &'a Value,
    place: String,
}

impl<'a> At<'a> {
    fn wrong(&self, problem: &str) -> String {
        let place = if self.place.is_empty() {
            "it"
        } else {
            &self.place
        };
        // What a stranger wrote must not end the line, nor fill the screen.
        let place: String = place.chars().take(300).collect();
        format!("{} {problem}", place.escape_debug())
    }

    fn optional(&self, name: &str) -> Parsed<Option<At<'a>>> {
        let found = self.object()?.get(name);
        Ok(found.map(|value| At {
            value,
            place: format!(
                "{}/{}",
                self.place,
                name.replace('~', "~0").replace('/', "~1")
            ),
        }))
    }

    fn member(&self, name: &str) -> Parsed<At<'a>> {
        let found = self.optional(name)?;
        found.ok_or_else(|| self.wrong(&format!("has no member `{name}`")))
    }

    fn object(&self) -> Parsed<&'a Map<String, Value>> {
        self.value
            .as_object()
            .ok_or_else(|| self.wrong("is not an object"))
    }

    /// The items of a list; none if there is no such member.
    fn list(&self, name: &str) -> Parsed<Vec<At<'a>>> {
        let Some(list) = self.optional(name)? else {
            return Ok(Vec::new());
        };
        let items = list
            .value
            .as_array()
            .ok_or_else(|| list.wrong("is not a list"))?;
        let items = items.iter().enumerate().map(|(index, value)| At {
            value,
            place: format!("{}/{index}", list.place),
        });
        Ok(items.collect())
    }

    fn text(&self) -> Parsed<&'a str> {
        self.value.as_str().ok_or_else(|| self.wrong("is not text"))
    }

    fn number(&self) -> Parsed<u64> {
        self.value
            .as_u64()
            .ok_or_else(|| self.wrong("is not a count"))
    }

    /// A place in a payload, of names that fields can have.
    fn pointer(&self) -> Parsed<String> {
        let text = self.text()?;
        let is_name = |name: &str| {
            let is_plain =
                |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*' | '$' | '@');
            !name.is_empty() && name.chars().all(is_plain) && !name.chars().all(|c| c == '.')
        };
        let mut segments = text.split('/');
        let is_pointer = segments.next() == Some("") && segments.all(is_name);
        if text.len() > LONGEST_PATH || !is_pointer {
            return Err(self.wrong("is not a place of names of fields"));
        }
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
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
        for (place, wrong, said) in [
            ("/format", "x", "/format is not \"feishu-events drift\""),
            ("/version", "1", "/version is not a count"),
            ("/events", "x", "/events is not an object"),
            ("{}/count", "x", "{}/count is not a count"),
            ("{}/differences", "x", "{}/differences is not a list"),
            ("{}/differences/0", "x", "{}/differences/0 is not an object"),
            (
                "{}/differences/0/kind",
                "x",
                "{}/differences/0/kind is not a kind of difference",
            ),
            (
                "{}/differences/0/came_as",
                "x",
                "{}/differences/0/came_as is not a type that can come",
            ),
            (
                "{}/differences/0/path",
                "/../../etc",
                "{}/differences/0/path is not a place of names of fields",
            ),
            (
                "{}/differences/0/path",
                "/a\nb",
                "{}/differences/0/path is not a place of names of fields",
            ),
            (
                "{}/differences/0/path",
                "duck",
                "{}/differences/0/path is not a place of names of fields",
            ),
            (
                "{}/differences/0/path",
                &long,
                "{}/differences/0/path is not a place of names of fields",
            ),
            (
                "{}/absent/0/absent",
                "x",
                "{}/absent/0/absent is not a count",
            ),
        ] {
            let mut bad = good();
            *bad.pointer_mut(&place.replace("{}", event))
                .expect("a member") = wrong.into();
            let error = parse(&bad.to_string()).expect_err(place);
            assert_eq!(error, said.replace("{}", event));
        }
        for (text, said) in [
            ("{", "is not JSON"),
            ("[]", "it is not an object"),
            ("{}", "it has no member `format`"),
            (
                &good().to_string().replace("\"version\":1", "\"version\":2"),
                "/version is not 1, the version",
            ),
            (
                &good().to_string().replace("pond.duck", "../pond"),
                "is not the name of an event",
            ),
            (
                &good().to_string().replace("on_hold", "Secret 1"),
                "words/Secret 1 is not a word",
            ),
            (
                &good().to_string().replace("pond.duck", "a\\nb\\u001b"),
                "/events/a\\nb\\u{1b}.landed_v1 is not",
            ),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(said), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
