//! Events of all pages → one schema an event, each in its place.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use feishu_events_gen::schema::EventSchema;

use super::ReadPage;
use super::places::{PageClues, Places};
use crate::finding::{Finding, Kind};
use crate::read::{Event, Outcome};

/// An event with the place of its schema.
#[derive(Debug)]
pub(super) struct Found {
    /// The folder.
    pub(super) service: String,
    /// The file in it, without ending.
    pub(super) file: String,
    /// The page it was read from.
    pub(super) page: String,
    /// The form in which the page lists the fields.
    pub(super) form: &'static str,
    /// The facts.
    pub(super) schema: EventSchema,
}

/// Takes of each event the newest page and gives it its place.
pub(super) fn merge(pages: &[ReadPage], places: &mut Places) -> (Vec<Found>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut by_name: BTreeMap<&str, Vec<(&ReadPage, &Event)>> = BTreeMap::new();
    for page in pages {
        if let Outcome::Events(events) = &page.reading.outcome {
            for event in events {
                places.learn(clues(page, event));
                let of_name = by_name.entry(&event.schema.event_type).or_default();
                of_name.push((page, event));
            }
        }
    }
    let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
    for (event_type, mut readings) in by_name {
        readings.sort_by_key(|(page, event)| (Reverse(event.updated), &page.reading.page));
        let mut readings = readings.into_iter();
        let Some((page, event)) = readings.next() else {
            continue;
        };
        findings.extend(readings.map(|(other, older)| {
            let why = if older.updated < event.updated {
                "is newer"
            } else {
                "has the same date"
            };
            let taken = &page.reading.page;
            let what = format!("`{event_type}` is taken from `{taken}`, which {why}");
            Finding::of_page(Kind::OlderPage, &other.reading.page, what)
        }));
        let Some(place) = places.place(clues(page, event)) else {
            findings.push(no_service(page, event_type));
            continue;
        };
        if let Some(other) = found.get(&place) {
            let what = format!(
                "`{event_type}` and `{}` would have the same file",
                other.schema.event_type
            );
            findings.push(Finding::of_page(Kind::SamePlace, &page.reading.page, what));
            continue;
        }
        let (service, file) = place.clone();
        let event = Found {
            service,
            file,
            page: page.reading.page.clone(),
            form: event.form.name,
            schema: event.schema.clone(),
        };
        found.insert(place, event);
    }
    (found.into_values().collect(), findings)
}

fn clues<'a>(page: &'a ReadPage, event: &'a Event) -> PageClues<'a> {
    PageClues {
        file: &page.file,
        schema: &event.schema,
        related: &event.related,
    }
}

fn no_service(page: &ReadPage, event_type: &str) -> Finding {
    let what = format!("nothing tells which service `{event_type}` belongs to");
    Finding::of_page(Kind::NoService, &page.reading.page, what).expected(
        "a path with a part such as `approval-v4`, scopes of one service, a link to its \
         successor, or pages of events of one service in the same folder",
    )
}
