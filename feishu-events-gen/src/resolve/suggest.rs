//! Names for types that the overlay does not name yet.

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

/// The names of `overlay`, and for each object without one whose type the documentation names:
/// the type that has this documented name and fits, or a new one if the name is free.
///
/// What is named stays so, and what shares its type with one of `known`, the places that have a
/// name without the overlay, by service. An object whose documented name is taken by something else
/// keeps the name that follows from where it is.
///
/// # Errors
/// Rows that describe no payload.
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
                // Its new places are listed too: they keep the name if the others go.
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
    /// Notes the types that have names already.
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

/// Whether objects of one documented name are one thing: nothing in them contradicts, and the one
/// has all members of the other, or at least half of all that there are.
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
