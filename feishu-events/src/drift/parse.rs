//! Parses the file of counts; errors name the member.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::book::{
    Absent, Book, Counts, Difference, EventCounts, Kind, LeftOut, Name, OTHER_NAMES, WRITTEN_FROM,
};
use super::file::{FORMAT, VERSION};
use super::place::{is_name, is_word};
use crate::redact::one_line::OneLine;

/// A JSON value with its pointer.
struct At<'a> {
    value: &'a Value,
    place: String,
}

type Parsed<T> = Result<T, String>;

pub(super) fn book(text: &str) -> Parsed<Book> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
    let file = At {
        value: &value,
        place: String::new(),
    };
    if file.member("format")?.text()? != FORMAT {
        return Err(format!("/format is not \"{FORMAT}\""));
    }
    let version = file.member("version")?.number()?;
    if version != VERSION {
        return Err(format!(
            "/version is {version}; this program reads version {VERSION}"
        ));
    }
    let mut events = BTreeMap::new();
    let listed = file.member("events")?;
    for event_type in listed.object()?.keys() {
        let event = listed.member(event_type)?;
        events.insert(event_type.clone(), event_counts(&event)?);
    }
    let left_out = file.member("left_out")?;
    let number = |name| left_out.member(name)?.number();
    Ok(Book {
        events,
        left_out: LeftOut {
            events: number("events")?,
            places: number("places")?,
            names: number("names")?,
            words: number("words")?,
        },
    })
}

fn event_counts(event: &At<'_>) -> Parsed<EventCounts> {
    let mut counts = EventCounts {
        count: event.member("count")?.number()?,
        ..EventCounts::default()
    };
    for entry in event.list("differences")? {
        let (difference, seen) = difference(&entry)?;
        counts.differences.insert(difference, seen);
    }
    for entry in event.list("absent")? {
        let absent = Absent {
            looked_at: entry.member("looked_at")?.number()?,
            absent: entry.member("absent")?.number()?,
        };
        let path = entry.member("path")?.text()?.to_owned();
        counts.absent.insert(path, absent);
    }
    for entry in event.list("data")? {
        counts.data.insert(entry.text()?.to_owned());
    }
    Ok(counts)
}

fn difference(entry: &At<'_>) -> Parsed<(Difference, Counts)> {
    let kind = entry.member("kind")?;
    let named = Kind::ALL
        .into_iter()
        .find(|known| Ok(known.as_str()) == kind.text());
    let kind = named.ok_or_else(|| kind.wrong("is not a kind of difference"))?;
    let path = entry.member("path")?;
    let (object, name) = match (kind, path.text()?.rsplit_once('/')) {
        (Kind::Undocumented, Some((object, OTHER_NAMES))) => (object, Name::Data),
        (Kind::Undocumented, Some((object, name))) if is_name(name) => {
            (object, Name::New(name.to_owned()))
        }
        (Kind::Undocumented, _) => return Err(path.wrong("does not end with the name of a field")),
        _ => (path.text()?, Name::None),
    };
    let documented = match entry.optional("documented")? {
        Some(documented) => Some(documented.text()?.to_owned()),
        None => None,
    };
    let difference = Difference {
        object: object.to_owned(),
        name,
        kind,
        documented,
        came_as: entry.member("came_as")?.text()?.to_owned(),
    };
    let mut words = BTreeMap::new();
    if let Some(listed) = entry.optional("words")? {
        for word in listed.object()?.keys() {
            let seen = listed.member(word)?;
            if !is_word(word) || seen.number()? < WRITTEN_FROM {
                return Err(seen.wrong(&format!(
                    "must be a word of `a` to `z` and `_` that was seen at least {WRITTEN_FROM} times"
                )));
            }
            words.insert(word.clone(), seen.number()?);
        }
    }
    let counts = Counts {
        count: entry.member("count")?.number()?,
        first: entry.member("first")?.number()?,
        last: entry.member("last")?.number()?,
        words,
    };
    Ok((difference, counts))
}

impl<'a> At<'a> {
    fn wrong(&self, problem: &str) -> String {
        let place = if self.place.is_empty() {
            "it"
        } else {
            &self.place
        };
        format!("{} {problem}", OneLine(place))
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
        self.optional(name)?
            .ok_or_else(|| self.wrong(&format!("has no `{name}`")))
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
        self.value
            .as_str()
            .ok_or_else(|| self.wrong("is not a string"))
    }

    fn number(&self) -> Parsed<u64> {
        self.value
            .as_u64()
            .ok_or_else(|| self.wrong("is not an unsigned integer"))
    }
}
