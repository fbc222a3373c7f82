//! Events of all pages → one schema an event, each in its place.

use std::collections::BTreeMap;

use feishu_events_gen::internals::schema::{EventSchema, Lark};

use super::ReadPage;
use super::combine::{self, Description};
use super::earlier::Earlier;
use super::places::{PageClues, Places};
use super::relevel::relevel;
use super::{languages, portals, services};
use crate::pages::finding::{Finding, Kind};
use crate::pages::read::{Event, Outcome};
use crate::pages::source::Source;

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

/// Makes of all descriptions of an event one schema and gives it its place; `apart`: the pages are
/// not the portal's.
pub(super) fn merge(
    pages: &[ReadPage],
    earlier: &BTreeMap<String, Earlier>,
    apart: bool,
) -> (Vec<Found>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut places = Places::of_schemas(earlier);
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
        // A page that only shows an event is not about it if another says that it is.
        if readings.iter().any(|(_, event)| event.form.named) {
            readings.retain(|(_, event)| event.form.named);
        }
        let fresh = readings.iter().map(|(page, event)| Description {
            name: &page.reading.page,
            schema: &event.schema,
            form: event.form,
            said: &event.descriptions,
            english: event.english,
            lark: event.lark,
            fresh: true,
        });
        let newest = fresh
            .clone()
            .filter_map(|page| page.schema.document.as_ref());
        let newest = newest
            .filter_map(|document| document.updated.as_deref())
            .max();
        let there = earlier.get(event_type).map(|earlier| Description {
            name: &earlier.name,
            schema: &earlier.schema,
            form: combine::earlier_form(&earlier.schema, newest),
            said: &[],
            english: is_english(&earlier.schema, fresh.clone()),
            lark: earlier.schema.lark.as_ref().is_some_and(|lark| lark.only),
            fresh: false,
        });
        let mut descriptions: Vec<Description<'_>> = fresh.chain(there).collect();
        combine::sort(&mut descriptions);
        findings.extend(older_pages(event_type, &descriptions));
        let Some(mut schema) = both_portals(&descriptions, &mut findings) else {
            continue;
        };
        // What Feishu's pages call it stays, however new Lark's are: these only add English words.
        let mut by_portal = descriptions.clone();
        by_portal.sort_by_key(|description| description.lark);
        if by_portal.iter().any(|description| !description.lark) {
            by_portal.retain(|description| description.english || !description.lark);
        }
        languages::settle(&mut schema, &by_portal);
        let only_lark = schema.lark.as_ref().is_some_and(|lark| lark.only);
        let mut fresh = descriptions.iter().filter(|description| description.fresh);
        let described = fresh.any(|description| description.lark == only_lark);
        if let Some(document) = schema.document.as_mut().filter(|_| described) {
            // A page of its portal describes it in this run.
            document.missing_since = None;
            let before = earlier.get(event_type);
            let before = before.and_then(|earlier| earlier.schema.document.as_ref());
            document.apart = apart && before.is_none_or(|before| before.apart);
        }
        // The page that is believed first names the service.
        readings.sort_by_key(|(page, _)| {
            let name = &page.reading.page;
            descriptions.iter().position(|other| other.name == name)
        });
        let Some((page, event)) = readings.first().copied() else {
            continue;
        };
        let mut all_clues = readings.iter().map(|(page, event)| clues(page, event));
        let place = all_clues
            .find_map(|clues| places.place(clues))
            .unwrap_or_else(|| {
                findings.push(no_service(page, event_type));
                (services::UNFILED.to_owned(), event_type.to_owned())
            });
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
            schema,
        };
        found.insert(place, event);
    }
    (found.into_values().collect(), findings)
}

/// The schema of all descriptions: what Feishu's portal says, and beside it what Lark's says otherwise;
/// if only one has the event, what that says.
fn both_portals(
    descriptions: &[Description<'_>],
    findings: &mut Vec<Finding>,
) -> Option<EventSchema> {
    let (lark, feishu): (Vec<_>, Vec<_>) = descriptions
        .iter()
        .copied()
        .partition(|description| description.lark);
    let stored = descriptions.iter().find(|description| !description.fresh);
    let stored = stored.and_then(|stored| stored.schema.lark.clone());
    let Some(of_lark) = combine::combine(&lark, findings) else {
        let mut schema = combine::combine(&feishu, findings)?;
        let stored = stored.filter(|lark| !lark.only);
        schema.lark = stored.map(|lark| portals::still_different(&schema, lark));
        return Some(schema);
    };
    let Some(mut schema) = combine::combine(&feishu, findings) else {
        return Some(EventSchema {
            lark: Some(Lark {
                only: true,
                ..Lark::default()
            }),
            ..of_lark
        });
    };
    // How the fields nest is the same on both.
    relevel(&mut schema.fields, &of_lark.fields);
    let complete = lark
        .first()
        .is_some_and(|first| first.form.table && first.form.named);
    schema.lark = Some(portals::differences(&schema, &of_lark, complete));
    Some(schema)
}

/// Whether a schema that lies there was read from an English page: as the page of its title is now,
/// or by its title.
fn is_english<'a>(schema: &EventSchema, mut fresh: impl Iterator<Item = Description<'a>>) -> bool {
    let same = fresh.find(|page| page.schema.title == schema.title);
    same.map_or_else(|| !schema.title.contains(is_han), |page| page.english)
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn older_pages(event_type: &str, descriptions: &[Description<'_>]) -> Vec<Finding> {
    // A page that is as old as the schema that was made of it adds nothing.
    let Some((taken, others)) = descriptions.split_first() else {
        return Vec::new();
    };
    let others = others
        .iter()
        .filter(|other| taken.fresh || other.day() < taken.day());
    // Both portals are believed, each for itself.
    let others = others.filter(|other| other.fresh && other.lark == taken.lark);
    let findings = others.map(|other| {
        let why = if other.day() < taken.day() {
            "is newer"
        } else if other.form.name == taken.form.name {
            "has the same date"
        } else {
            "says more"
        };
        let what = format!("`{event_type}` is taken from `{}`, which {why}", taken.name);
        Finding::of_page(Kind::OlderPage, other.name, what)
    });
    findings.collect()
}

fn clues<'a>(page: &'a ReadPage, event: &'a Event) -> PageClues<'a> {
    PageClues {
        file: event.place.as_deref().unwrap_or(&page.file),
        schema: &event.schema,
        related: &event.related,
        sections: &event.sections,
        text: page.source.as_ref().map_or("", Source::text),
    }
}

fn no_service(page: &ReadPage, event_type: &str) -> Finding {
    let what = format!(
        "nothing tells which service `{event_type}` belongs to; it is filed under `unfiled`"
    );
    Finding::of_page(Kind::NoService, &page.reading.page, what).expected(
        "a path with a part such as `approval-v4`, scopes of one service, a link to its \
         successor, or pages of events of one service in the same folder",
    )
}
