//! The changes of an event's rows, and of their Rust items.

use feishu_events_gen::internals::schema::Row;

use super::places::{EventPlaces, Place};
use super::report::{Change, Class, What};
use super::rows::{Placed, RowFate, fates, out_of_order};
use super::scopes::{self, lists};

/// The changes, in the order of the new table; removed rows come last.
pub(super) fn row_changes(
    old: &[Row],
    new: &[Row],
    places: Option<(&EventPlaces, &EventPlaces)>,
) -> Vec<Change> {
    let fates = fates(old, new);
    let touched: Vec<&str> = fates.iter().flat_map(touched).collect();
    let rust = places.map(|(old, new)| InRust { old, new });
    let mut changes = Vec::new();
    for fate in &fates {
        match fate {
            RowFate::Added(row) => changes.push(added(row, rust.as_ref())),
            RowFate::Removed(row) => changes.push(removed(row, rust.as_ref())),
            RowFate::Moved(from, to) => {
                changes.push(moved(from, to, rust.as_ref()));
                changes.extend(facts(from, to, rust.as_ref(), false));
            }
            RowFate::Kept(from, to) => {
                let inside = format!("{}.", to.path);
                let refilled = touched.iter().any(|path| path.starts_with(&inside));
                changes.extend(facts(from, to, rust.as_ref(), refilled));
            }
            RowFate::MovedAlong(from, to) => changes.extend(facts(from, to, rust.as_ref(), false)),
        }
    }
    for (parent, rows) in out_of_order(old, new) {
        changes.push(Change {
            row: Some(parent),
            gained: rows,
            ..Change::new(What::RowsReordered)
        });
    }
    changes
}

/// The paths at which a row was added or removed.
fn touched<'a>(fate: &'a RowFate<'_>) -> Vec<&'a str> {
    match fate {
        RowFate::Kept(..) => vec![],
        RowFate::Moved(from, to) | RowFate::MovedAlong(from, to) => vec![&from.path, &to.path],
        RowFate::Added(row) | RowFate::Removed(row) => vec![&row.path],
    }
}

/// The Rust items of the event's rows, before and after.
struct InRust<'a> {
    old: &'a EventPlaces,
    new: &'a EventPlaces,
}

impl InRust<'_> {
    fn before(&self, path: &str) -> Option<&Place> {
        self.old.fields.get(path.strip_prefix("event.")?)
    }

    fn after(&self, path: &str) -> Option<&Place> {
        self.new.fields.get(path.strip_prefix("event.")?)
    }
}

/// Adds to `change` the item at `place`, in the payload of `event`.
fn at(mut change: Change, event: &EventPlaces, place: Option<&Place>) -> Change {
    change.rust = place.map(|place| format!("{} → {}", event.payload, place.shown));
    change.item = place.map(|place| place.item.clone());
    change
}

fn added(row: &Placed<'_>, rust: Option<&InRust<'_>>) -> Change {
    let mut change = Change::new(What::RowAdded);
    change.row = Some(row.path.clone());
    change.to = Some(row.row.type_name.clone());
    let Some(rust) = rust else {
        change.class = Class::Addition;
        return change;
    };
    let place = rust.after(&row.path);
    if place.is_some() {
        change.class = Class::Addition;
        if rust.before(&row.path).is_some() {
            let was = "The field already existed in Rust: other events with the same type have it, or SDKs.";
            change.effect = Some(was.to_owned());
        }
    }
    at(change, rust.new, place)
}

fn removed(row: &Placed<'_>, rust: Option<&InRust<'_>>) -> Change {
    let mut change = Change::new(What::RowRemoved);
    change.row = Some(row.path.clone());
    change.from = Some(row.row.type_name.clone());
    let Some(rust) = rust else {
        change.class = Class::Breaking;
        return change;
    };
    let place = rust.before(&row.path);
    match (place, rust.after(&row.path)) {
        (Some(_), None) => change.class = Class::Breaking,
        (Some(_), Some(_)) => {
            let stays = "The field stays in Rust: other events with the same type still have it.";
            change.effect = Some(stays.to_owned());
        }
        _ => {}
    }
    at(change, rust.old, place)
}

fn moved(from: &Placed<'_>, to: &Placed<'_>, rust: Option<&InRust<'_>>) -> Change {
    let mut change = Change::new(What::RowMoved).changed(&from.path, &to.path);
    change.row = Some(to.path.clone());
    let Some(rust) = rust else {
        change.class = Class::Breaking;
        return change;
    };
    let (old, new) = (rust.before(&from.path), rust.after(&to.path));
    if old.is_some() && rust.after(&from.path).is_none() {
        change.class = Class::Breaking;
    } else if new.is_some() && rust.before(&to.path).is_none() {
        change.class = Class::Addition;
    }
    if new.is_some() {
        at(change, rust.new, new)
    } else {
        at(change, rust.old, old)
    }
}

/// How a row that is in both tables differs. `refilled`: whether rows inside it were added or removed.
fn facts(
    from: &Placed<'_>,
    to: &Placed<'_>,
    rust: Option<&InRust<'_>>,
    refilled: bool,
) -> Vec<Change> {
    let (old, new) = (from.row, to.row);
    let places = rust.map(|rust| (rust.before(&from.path), rust.after(&to.path)));
    let types = places.and_then(|(before, after)| {
        let (before, after) = (before?, after?);
        (before.ty != after.ty).then(|| (before.ty.clone(), after.ty.clone()))
    });
    let mut changes = Vec::new();
    let class = if types.is_some() || rust.is_none() {
        Class::Breaking
    } else {
        Class::Documentation
    };
    let retyped = |what| Change {
        class,
        rust_types: types.clone(),
        ..Change::new(what)
    };
    if old.type_name != new.type_name {
        changes.push(retyped(What::RowRetyped).changed(&old.type_name, &new.type_name));
    } else if old.sample_type != new.sample_type {
        let shown = |row: &Row| row.sample_type.clone().unwrap_or_default();
        changes.push(retyped(What::SampleRetyped).changed(shown(old), shown(new)));
    } else if let Some((before, after)) = types.clone().filter(|_| refilled) {
        changes.push(retyped(What::RustType).changed(before, after));
    }
    changes.extend(values(old, new, places.and_then(|(_, after)| after)));
    if let Some((gained, dropped)) = lists(&old.scopes, &new.scopes) {
        changes.push(Change {
            gained,
            dropped,
            effect: scopes::of_field(&old.scopes, &new.scopes),
            ..Change::new(What::RowScopes)
        });
    }
    let (before, after) = (limits(old), limits(new));
    if before != after {
        changes.push(Change::new(What::RowLimits).changed(before, after));
    }
    if old.level_inferred != new.level_inferred {
        let shown = |row: &Row| {
            if row.level_inferred {
                "guessed"
            } else {
                "documented"
            }
        };
        changes.push(Change::new(What::RowLevel).changed(shown(old), shown(new)));
    }
    if old.description != new.description {
        let words = |row: &Row| row.description.clone().unwrap_or_default();
        changes.push(Change::new(What::RowDescription).changed(words(old), words(new)));
    }
    let place = places.and_then(|(_, after)| after);
    changes
        .into_iter()
        .map(|mut change| {
            change.row = Some(to.path.clone());
            match rust {
                Some(rust) => at(change, rust.new, place),
                None => change,
            }
        })
        .collect()
}

fn values(old: &Row, new: &Row, place: Option<&Place>) -> Option<Change> {
    let missing_in = |row: &Row, other: &Row| -> Vec<String> {
        let values = row.values.0.iter();
        let values = values.filter(|(value, _)| !other.values.contains(value));
        values.map(|(value, label)| written(value, label)).collect()
    };
    let (gained, dropped) = (missing_in(new, old), missing_in(old, new));
    let of = |row: &Row, value: &str| {
        let mut values = row.values.0.iter();
        let (value, label) = values.find(|(other, _)| other == value)?;
        Some(written(value, label))
    };
    let both = new.values.0.iter();
    let renamed: (Vec<String>, Vec<String>) = both
        .filter_map(|(value, _)| Some((of(old, value)?, of(new, value)?)))
        .filter(|(before, after)| before != after)
        .unzip();
    if gained.is_empty() && dropped.is_empty() && renamed.0.is_empty() {
        return None;
    }
    let named = place.and_then(|place| place.named_values.as_ref());
    let unnamed = new.values.0.iter().any(|(value, _)| {
        !old.values.contains(value) && named.is_some_and(|named| !named.contains(value))
    });
    let effect = unnamed.then(|| {
        "A new value arrives as `Unknown` until it has a name in `schemas/overlay/docs`.".to_owned()
    });
    let labels = |labels: Vec<String>| Some(labels.join(", ")).filter(|labels| !labels.is_empty());
    Some(Change {
        from: labels(renamed.0),
        to: labels(renamed.1),
        gained,
        dropped,
        effect,
        ..Change::new(What::RowValues)
    })
}

fn written(value: &str, label: &str) -> String {
    match label {
        "" => value.to_owned(),
        label => format!("{value} ({label})"),
    }
}

/// `length 1 to 64, value at least 0`
fn limits(row: &Row) -> String {
    let number = |n: &Option<serde_json::Number>| n.as_ref().map(ToString::to_string);
    let length = |n: Option<u64>| n.map(|n| n.to_string());
    let parts = [
        ("length", length(row.min_len), length(row.max_len)),
        ("value", number(&row.min), number(&row.max)),
    ];
    let parts = parts.into_iter().filter_map(|(what, min, max)| {
        Some(match (min, max) {
            (Some(min), Some(max)) => format!("{what} {min} to {max}"),
            (Some(min), None) => format!("{what} at least {min}"),
            (None, Some(max)) => format!("{what} at most {max}"),
            (None, None) => return None,
        })
    });
    parts.collect::<Vec<_>>().join(", ")
}
