//! Suggests names for types that have none in the overlay.

use std::collections::{BTreeMap, BTreeSet};

use super::fit::contradiction;
use super::groups::{Groups, name_of};
use super::naming::StructNames;
use super::places::{Place, places};
use super::shape::ObjectShape;
use super::{ShapedEvent, by_service, shape_event, user_ids};
use crate::error::Result;
use crate::names;
use crate::overlay::{Overlay, TypeNames};
use crate::schema_set::SchemaSet;

/// The names of `overlay`, and names for further objects whose type has a documented name: the name of
/// the type that has the same documented name and is compatible, or a new one if it is free.
///
/// Objects that have a name keep it, and so do those that share a type with one of `known`, which are
/// the places, by service, that are named without the overlay. An object whose documented name is taken
/// keeps the name that follows from its place.
///
/// # Errors
/// Those of [`resolve`](super::resolve).
pub fn suggest_names(
    schemas: &SchemaSet,
    overlay: &Overlay,
    known: &BTreeMap<String, BTreeSet<String>>,
) -> Result<BTreeMap<String, TypeNames>> {
    let shaped: Vec<ShapedEvent<'_>> = schemas.iter().map(shape_event).collect::<Result<_>>()?;
    let mut names = overlay.names.clone();
    for (service, events) in by_service(&shaped) {
        let entries = overlay.names.get(service);
        let places = places(&events);
        let groups = Groups::of(&places, entries);
        let given = StructNames::new(&places, &groups, entries, overlay.docs.get(service));
        let taken = groups.members.keys().map(|key| given.of(key).to_owned());
        let enums = overlay.docs.get(service).into_iter();
        let enums = enums.flat_map(|docs| docs.enums.keys().cloned());
        let mut suggestion = Suggestion {
            places: &places,
            taken: taken.chain(enums).collect(),
            by_documented: BTreeMap::new(),
        };
        suggestion.know(&groups);
        let own = user_ids::keys(&places, &groups);
        let is_known = |index: &usize| {
            let known = known.get(service);
            known.is_some_and(|known| known.contains(&places[*index].text))
        };
        let entries = names.entry(service.to_owned()).or_default();
        for (key, members) in &groups.members {
            if own.contains(key.as_str()) {
                continue;
            }
            let name = match name_of(key) {
                // New places are listed too, so that they keep the name if the others are removed.
                Some(name) => Some(name.to_owned()),
                None if members.iter().any(is_known) => None,
                None => suggestion.name(members),
            };
            let Some(name) = name else { continue };
            let listed = entries.0.entry(name).or_default();
            for index in members.iter().filter(|index| !is_known(index)) {
                let place = &places[*index].text;
                if !listed.contains(place) {
                    listed.push(place.clone());
                }
            }
        }
    }
    names.retain(|_, names| !names.0.is_empty());
    Ok(names)
}

struct Suggestion<'a> {
    places: &'a [Place<'a>],
    taken: BTreeSet<String>,
    /// By documented name: the types that have it, each with its objects.
    by_documented: BTreeMap<&'a str, Vec<(String, Vec<&'a ObjectShape<'a>>)>>,
}

impl Suggestion<'_> {
    /// Records the types that already have names.
    fn know(&mut self, groups: &Groups) {
        for (key, members) in &groups.members {
            if let Some(name) = name_of(key) {
                self.note(name, members);
            }
        }
    }

    fn note(&mut self, name: &str, members: &[usize]) {
        let objects: Vec<_> = members
            .iter()
            .map(|index| self.places[*index].object)
            .collect();
        let documented: BTreeSet<&str> = objects.iter().filter_map(|o| o.documented).collect();
        for documented in documented {
            let types = self.by_documented.entry(documented).or_default();
            types.push((name.to_owned(), objects.clone()));
        }
    }

    /// A name for the objects at `members`, which share a type.
    fn name(&mut self, members: &[usize]) -> Option<String> {
        if members
            .iter()
            .any(|index| self.places[*index].field.is_none())
        {
            return None;
        }
        let objects: Vec<_> = members
            .iter()
            .map(|index| self.places[*index].object)
            .collect();
        let documented = objects.iter().find_map(|object| object.documented)?;
        let rust = names::type_name(documented);
        let known = self.by_documented.get(documented).into_iter().flatten();
        let same = known.filter(|(_, others)| are_alike(&objects, others));
        let name = match same.map(|(name, _)| name.clone()).next() {
            Some(name) => name,
            None => (!self.taken.contains(&rust)).then_some(rust)?,
        };
        self.taken.insert(name.clone());
        self.note(&name, members);
        Some(name)
    }
}

/// Whether objects with one documented name are of one type: nothing in them contradicts, and one has
/// all members of the other, or they share at least half of all members.
fn are_alike(a: &[&ObjectShape<'_>], b: &[&ObjectShape<'_>]) -> bool {
    let fits = |a: &&ObjectShape<'_>| b.iter().all(|b| contradiction(a, b).is_none());
    let [ours, theirs] = [a, b].map(members);
    let shared = ours.intersection(&theirs).count();
    let is_part = shared == ours.len().min(theirs.len());
    let is_most = 2 * shared >= ours.union(&theirs).count();
    a.iter().all(fits) && (is_part || is_most)
}

fn members<'a>(objects: &[&'a ObjectShape<'_>]) -> BTreeSet<&'a str> {
    let members = objects.iter().flat_map(|object| &object.members);
    members
        .map(|member| member.node.row.name.as_str())
        .collect()
}
