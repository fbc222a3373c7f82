//! Reads and writes the file of counts.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::DriftError;
use super::book::{Book, Counts, Difference, EventCounts, WRITTEN_FROM};

/// The value of the member `format`, and the version that is written and read.
pub(super) const FORMAT: &str = "feishu-events drift";
pub(super) const VERSION: u64 = 1;

/// The largest file that is read, in bytes; more than the limits of [`Book`] let it become.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The text of the file; `None` if it does not exist.
pub(super) fn read(path: &Path) -> Result<Option<String>, DriftError> {
    let wrong = |source| DriftError::Io {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(wrong)?,
    };
    let mut text = String::new();
    let read = file
        .take(LARGEST + 1)
        .read_to_string(&mut text)
        .map_err(wrong)?;
    if read as u64 > LARGEST {
        let problem = format!("it is larger than {LARGEST} bytes");
        let path = path.to_owned();
        return Err(DriftError::Format { path, problem });
    }
    Ok(Some(text))
}

/// Writes `text` to a temporary file in the same folder and renames it to `path`.
pub(super) fn write(path: &Path, text: &str) -> Result<(), DriftError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new = path.with_file_name(name);
    let written = write_whole(&new, text).and_then(|()| fs::rename(&new, path));
    written.map_err(|source| {
        // Best effort: a failure to remove the temporary file has the same cause as `source`.
        let _ = fs::remove_file(&new);
        let path = path.to_owned();
        DriftError::Io { path, source }
    })
}

fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

pub(super) fn to_json(book: &Book) -> String {
    let events = book.events.iter();
    let events: Map<String, Value> = events
        .map(|(event_type, counts)| (event_type.clone(), event(counts)))
        .collect();
    let left_out = &book.left_out;
    let file = json!({
        "format": FORMAT,
        "version": VERSION,
        "events": events,
        "left_out": {
            "events": left_out.events,
            "places": left_out.places,
            "names": left_out.names,
            "words": left_out.words,
        },
    });
    format!("{file:#}\n")
}

fn event(counts: &EventCounts) -> Value {
    let mut event = Map::new();
    event.insert("count".to_owned(), counts.count.into());
    let differences: Vec<Value> = counts.differences.iter().map(difference).collect();
    if !differences.is_empty() {
        event.insert("differences".to_owned(), differences.into());
    }
    let absent = counts.absent.iter().map(|(path, absent)| {
        json!({ "path": path, "looked_at": absent.looked_at, "absent": absent.absent })
    });
    let absent: Vec<Value> = absent.collect();
    if !absent.is_empty() {
        event.insert("absent".to_owned(), absent.into());
    }
    if !counts.data.is_empty() {
        let data: Vec<&str> = counts.data.iter().map(String::as_str).collect();
        event.insert("data".to_owned(), data.into());
    }
    event.into()
}

fn difference((difference, counts): (&Difference, &Counts)) -> Value {
    let mut members = Map::new();
    let mut insert = |name: &str, value: Value| members.insert(name.to_owned(), value);
    insert("path", difference.path().into());
    insert("kind", difference.kind.as_str().into());
    if let Some(documented) = &difference.documented {
        insert("documented", documented.as_str().into());
    }
    insert("came_as", difference.came_as.as_str().into());
    insert("count", counts.count.into());
    insert("first", counts.first.into());
    insert("last", counts.last.into());
    let words = counts
        .words
        .iter()
        .filter(|(_, seen)| **seen >= WRITTEN_FROM);
    let words: Map<String, Value> = words
        .map(|(word, seen)| (word.clone(), (*seen).into()))
        .collect();
    if !words.is_empty() {
        insert("words", words.into());
    }
    members.into()
}
