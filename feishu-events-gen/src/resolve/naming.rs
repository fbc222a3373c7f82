//! Which struct gets which name.
//!
//! Inside a service one documented name with one set of members is one struct. Where a documented
//! name has several sets of members, the one that most events use keeps the name and the others
//! get their event's name in front; objects without a documented name are named for their event
//! and the fields that lead to them. Nothing here depends on the order of files.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::{ObjectShape, Shape};
use super::{ShapedEvent, claim};
use crate::error::Result;
use crate::names;

/// The names of all nested structs.
pub(super) struct StructNames {
    /// By service and signature.
    shared: BTreeMap<(String, String), String>,
}

impl StructNames {
    /// The name of the struct for `object`, found in the payload of `event`.
    pub(super) fn of(&self, event: &ShapedEvent<'_>, object: &ObjectShape<'_>) -> String {
        let key = (event.file.service.clone(), object.signature());
        let shared = object.documented.and_then(|_| self.shared.get(&key));
        shared.cloned().unwrap_or_else(|| path_name(event, object))
    }
}

/// `DepartmentUpdatedV3` and `old_object`, `leaders` → `DepartmentUpdatedV3OldObjectLeaders`.
fn path_name(event: &ShapedEvent<'_>, object: &ObjectShape<'_>) -> String {
    let fields = object
        .path
        .iter()
        .filter_map(|field| names::type_name(field));
    std::iter::once(event.payload_name.clone())
        .chain(fields)
        .collect()
}

/// The sets of members that one name has in one service: signature → the events that use it.
type Uses<'a> = BTreeMap<String, BTreeSet<&'a str>>;

/// Names all objects of all events.
///
/// # Errors
/// Two different things that would get one name.
pub(super) fn name_structs(events: &[ShapedEvent<'_>]) -> Result<StructNames> {
    let mut uses: BTreeMap<(&str, String), Uses<'_>> = BTreeMap::new();
    for event in events {
        each_object(&event.shape, &mut |object| {
            let Some(name) = object.documented.and_then(names::type_name) else {
                return;
            };
            let signatures = uses.entry((&event.file.service, name)).or_default();
            signatures
                .entry(object.signature())
                .or_default()
                .insert(&event.payload_name);
        });
    }
    let mut taken = taken_by_payloads(events)?;
    let mut shared = BTreeMap::new();
    for ((service, name), signatures) in uses {
        let most_used = signatures
            .iter()
            .max_by(|(_, a), (_, b)| {
                a.len()
                    .cmp(&b.len())
                    .then_with(|| b.first().cmp(&a.first()))
            })
            .map(|(signature, _)| signature.clone());
        let taken = taken.entry(service).or_default();
        for (signature, users) in signatures {
            let plain = Some(&signature) == most_used.as_ref() && !taken.contains_key(&name);
            let first_user = users.first().copied().unwrap_or_default();
            let chosen = if plain {
                name.clone()
            } else {
                format!("{first_user}{name}")
            };
            if taken.contains_key(&chosen) {
                // One event with two sets of members under one name: their paths tell them apart.
                continue;
            }
            claim(taken, &chosen, &signature)?;
            shared.insert((service.to_owned(), signature), chosen);
        }
    }
    let names = StructNames { shared };
    check_path_names(events, &names, &mut taken)?;
    Ok(names)
}

fn taken_by_payloads<'a>(
    events: &'a [ShapedEvent<'_>],
) -> Result<BTreeMap<&'a str, BTreeMap<String, String>>> {
    let mut taken: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for event in events {
        let taken = taken.entry(&event.file.service).or_default();
        claim(taken, &event.payload_name, &event.file.schema.event_type)?;
    }
    Ok(taken)
}

/// Makes sure that no struct named for its path has the name of another struct.
fn check_path_names<'a>(
    events: &'a [ShapedEvent<'_>],
    names: &StructNames,
    taken: &mut BTreeMap<&'a str, BTreeMap<String, String>>,
) -> Result<()> {
    for event in events {
        let mut result = Ok(());
        let taken = taken.entry(&event.file.service).or_default();
        each_object(&event.shape, &mut |object| {
            let claimed = claim(taken, &names.of(event, object), &object.signature());
            if result.is_ok() {
                result = claimed;
            }
        });
        result?;
    }
    Ok(())
}

/// Visits all objects inside `object`, but not `object` itself.
fn each_object<'a>(object: &'a ObjectShape<'_>, visit: &mut dyn FnMut(&'a ObjectShape<'_>)) {
    for member in &object.members {
        let mut shape = &member.shape;
        while let Shape::List(item) = shape {
            shape = item;
        }
        if let Shape::Object(inner) = shape {
            visit(inner);
            each_object(inner, visit);
        }
    }
}
