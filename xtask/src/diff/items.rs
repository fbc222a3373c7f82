//! The Rust items of two sides → those that were added, removed, changed or renamed.

use std::collections::BTreeMap;

use super::places::EventPlaces;
use super::report::{Class, ItemChange};

/// The Rust items of one side.
#[derive(Debug, Default)]
pub(super) struct RustItems {
    /// By event type.
    pub(super) events: BTreeMap<String, EventPlaces>,
    /// By path.
    pub(super) items: BTreeMap<String, String>,
}

/// The changes of items that users can name.
pub(super) fn item_changes(old: &RustItems, new: &RustItems) -> Vec<ItemChange> {
    let renames = renames(old, new);
    let mut changes: Vec<ItemChange> = renames
        .iter()
        .map(|(from, to)| ItemChange {
            item: from.clone(),
            class: Class::Breaking,
            from: old.items.get(from).cloned(),
            to: None,
            renamed_to: Some(to.clone()),
        })
        .collect();
    for (item, was) in &old.items {
        match new.items.get(item) {
            Some(is) if is == was || is_renamed(item, was, is, &renames) => {}
            Some(is) => changes.push(change(item, Class::Breaking, Some(was), Some(is))),
            None if renames.contains_key(item)
                || follows_its_type(item, &old.items, &new.items, &renames) => {}
            None => changes.push(change(item, Class::Breaking, Some(was), None)),
        }
    }
    let back: BTreeMap<String, String> = renames
        .iter()
        .map(|(from, to)| (to.clone(), from.clone()))
        .collect();
    for (item, is) in &new.items {
        let is_known = old.items.contains_key(item) || back.contains_key(item);
        if !is_known && !follows_its_type(item, &new.items, &old.items, &back) {
            changes.push(change(item, Class::Addition, None, Some(is)));
        }
    }
    changes.sort_by(|a, b| a.item.cmp(&b.item));
    changes
}

fn change(item: &str, class: Class, from: Option<&String>, to: Option<&String>) -> ItemChange {
    ItemChange {
        item: item.to_owned(),
        class,
        from: from.cloned(),
        to: to.cloned(),
        renamed_to: None,
    }
}

/// The structs and enums that are gone, with those that replaced them.
fn renames(old: &RustItems, new: &RustItems) -> BTreeMap<String, String> {
    let mut renames = BTreeMap::new();
    for (event, before) in &old.events {
        let Some(after) = new.events.get(event) else {
            continue;
        };
        let mut see = |from: &str, to: &str| {
            let is_gone = old.items.contains_key(from) && !new.items.contains_key(from);
            let is_new = new.items.contains_key(to) && !old.items.contains_key(to);
            if is_gone && is_new && old.items[from] == new.items[to] {
                renames
                    .entry(from.to_owned())
                    .or_insert_with(|| to.to_owned());
            }
        };
        see(&before.payload, &after.payload);
        let service = |payload: &str| payload.split("::").next().unwrap_or_default().to_owned();
        let (from, to) = (service(&before.payload), service(&after.payload));
        for (path, place) in &before.fields {
            if let Some(now) = after.fields.get(path) {
                let from = format!("{from}::{}", innermost(&place.ty));
                see(&from, &format!("{to}::{}", innermost(&now.ty)));
            }
        }
    }
    renames
}

fn innermost(ty: &str) -> &str {
    ty.strip_prefix("Vec<")
        .and_then(|item| item.strip_suffix('>'))
        .map_or(ty, innermost)
}

/// Whether the type of a field was only renamed.
fn is_renamed(item: &str, was: &str, is: &str, renames: &BTreeMap<String, String>) -> bool {
    let service = item.split("::").next().unwrap_or_default();
    // A variant of `Event` has the full path of its payload.
    let path = |ty: &str| {
        if ty.contains("::") {
            ty.to_owned()
        } else {
            format!("{service}::{}", innermost(ty))
        }
    };
    let same_lists = was.replace(innermost(was), "") == is.replace(innermost(is), "");
    same_lists && renames.get(&path(was)) == Some(&path(is))
}

/// Whether a field or variant need not be reported: its whole type was added or removed, or the type
/// was renamed and the field has not changed.
fn follows_its_type(
    item: &str,
    here: &BTreeMap<String, String>,
    there: &BTreeMap<String, String>,
    renames: &BTreeMap<String, String>,
) -> bool {
    let owner = item.rsplit_once('.').or_else(|| item.rsplit_once("::"));
    let Some((owner, name)) = owner else {
        return false;
    };
    if !here.contains_key(owner) {
        return false;
    }
    match renames.get(owner) {
        Some(now) => {
            let separator = &item[owner.len()..item.len() - name.len()];
            let same = there.get(&format!("{now}{separator}{name}"));
            same.is_some_and(|same| *same == here[item])
        }
        None => !there.contains_key(owner),
    }
}
