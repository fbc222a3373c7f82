//! The pages' own samples of events, a line each: payloads for benchmarks and round trips.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::schema::EventKind;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{ReadPage, inputs};
use crate::pages::read::{Event, Outcome};

/// A line.
#[derive(Debug, Serialize)]
struct Line<'a> {
    r#type: &'a str,
    page: String,
    body: &'a RawValue,
}

/// The samples of protocol 2.0, in the order of the pages: each event once, with the newest page's
/// sample that shows it. Callbacks are left out, and so is what had to be repaired to be read
/// at all: the platform does not send it.
pub(super) fn lines(pages: &[ReadPage], folders: &[PathBuf]) -> serde_json::Result<String> {
    let mut newest: BTreeMap<&str, (&ReadPage, &Event, &str)> = BTreeMap::new();
    for page in pages {
        let Outcome::Events(events) = &page.reading.outcome else {
            continue;
        };
        for event in events {
            let Some(sample) = sample(event) else {
                continue;
            };
            let name = &*event.schema.event_type;
            let entry = newest.entry(name).or_insert((page, event, sample));
            if event.updated > entry.1.updated {
                *entry = (page, event, sample);
            }
        }
    }
    let mut found: Vec<_> = newest.into_iter().collect();
    found.sort_by_key(|(_, (page, ..))| &page.file);
    let mut text = String::new();
    for (name, (page, _, sample)) in found {
        text += &serde_json::to_string(&Line {
            r#type: name,
            page: below(&page.file, folders),
            body: serde_json::from_str(sample)?,
        })?;
        text.push('\n');
    }
    Ok(text)
}

/// The sample, if it is one of this event in the envelope of protocol 2.0.
fn sample(event: &Event) -> Option<&str> {
    let name = &event.sample.as_ref()?["header"]["event_type"];
    let is_of_event = event.schema.kind == EventKind::Event && *name == *event.schema.event_type;
    event.sample_text.as_deref().filter(|_| is_of_event)
}

/// The file as it is called inside of the folder that was named.
fn below(file: &Path, folders: &[PathBuf]) -> String {
    let inside = folders
        .iter()
        .filter_map(|folder| file.strip_prefix(folder).ok())
        .filter(|inside| inside.file_name().is_some())
        .min_by_key(|inside| inside.as_os_str().len());
    inputs::shown(inside.unwrap_or(file))
}
