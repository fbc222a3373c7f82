//! Compares two sides.

use std::collections::BTreeSet;

use feishu_events_gen::internals::schema_set::SchemaFile;
use feishu_events_gen::internals::{Overlay, SchemaSet};

use super::events::changes;
use super::items::{RustItems, item_changes};
use super::places::{EventPlaces, items, places};
use super::report::{Class, EventChange, Fate, Report, Step};
use super::side::Side;

/// Compares two sides. A side without an overlay uses the other's; if both have none, `names` is used.
pub fn compare(old: &Side, new: &Side, names: &Overlay) -> Report {
    let mut notes = Vec::new();
    let old_overlay = old.overlay.as_ref().or(new.overlay.as_ref());
    let new_overlay = new.overlay.as_ref().or(old.overlay.as_ref());
    let rust = [(old, old_overlay), (new, new_overlay)]
        .map(|(side, overlay)| rust(side, overlay.unwrap_or(names), &mut notes));
    let [Some(old_rust), Some(new_rust)] = rust else {
        let events = events(&old.schemas, &new.schemas, None);
        return report(old, new, events, Vec::new(), notes);
    };
    let events = events(&old.schemas, &new.schemas, Some((&old_rust, &new_rust)));
    let items = item_changes(&old_rust, &new_rust);
    report(old, new, events, items, notes)
}

fn report(
    old: &Side,
    new: &Side,
    events: Vec<EventChange>,
    items: Vec<super::report::ItemChange>,
    notes: Vec<String>,
) -> Report {
    let classes = events.iter().map(|event| event.class);
    let classes = classes.chain(items.iter().map(|item| item.class));
    Report {
        old: old.name.clone(),
        new: new.name.clone(),
        step: Step::of(classes),
        events,
        items,
        notes,
    }
}

/// The Rust items of a side; none, and a note, if nothing could be generated from it.
fn rust(side: &Side, overlay: &Overlay, notes: &mut Vec<String>) -> Option<RustItems> {
    match side.sources(Some(overlay)).model() {
        Ok(model) => Some(RustItems {
            events: places(&model),
            items: items(&model),
        }),
        Err(error) => {
            notes.push(format!(
                "The Rust types of `{}` could not be generated: {error}. The classes below follow from \
                 the documented rows alone.",
                side.name
            ));
            None
        }
    }
}

fn events(
    old: &SchemaSet,
    new: &SchemaSet,
    rust: Option<(&RustItems, &RustItems)>,
) -> Vec<EventChange> {
    let names = old.iter().chain(new.iter());
    let names: BTreeSet<&str> = names.map(|file| file.schema.event_type.as_str()).collect();
    let of = |name: &str| {
        let (old_rust, new_rust) = rust?;
        Some((old_rust.events.get(name)?, new_rust.events.get(name)?))
    };
    let changes = names.into_iter().filter_map(|name| {
        let side = |rust: Option<&RustItems>| Some(rust?.events.get(name)?.payload.clone());
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => changed(old, new, of(name)),
            (Some(old), None) => {
                let payload = side(rust.map(|(old, _)| old));
                Some(whole(old, Fate::Removed, Class::Breaking, payload))
            }
            (None, Some(new)) => {
                let payload = side(rust.map(|(_, new)| new));
                Some(whole(new, Fate::Added, Class::Addition, payload))
            }
            (None, None) => None,
        }
    });
    changes.collect()
}

fn whole(file: &SchemaFile, fate: Fate, class: Class, payload: Option<String>) -> EventChange {
    EventChange {
        event_type: file.schema.event_type.clone(),
        title: file.schema.title.clone(),
        payload,
        fate,
        class,
        rows: file.schema.fields.len(),
        changes: Vec::new(),
    }
}

fn changed(
    old: &SchemaFile,
    new: &SchemaFile,
    places: Option<(&EventPlaces, &EventPlaces)>,
) -> Option<EventChange> {
    let changes = changes(old, new, places);
    let class = changes.iter().map(|change| change.class).max()?;
    let payload = places.map(|(_, new)| new.payload.clone());
    Some(EventChange {
        changes,
        ..whole(new, Fate::Changed, class, payload)
    })
}
