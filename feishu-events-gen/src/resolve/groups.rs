//! Which objects of a service share a type.
//!
//! An object that the overlay names shares its type with all others that the entry lists. What is
//! inside a shared type is shared too, field by field: if the overlay names it in one place, all
//! have this name, and otherwise it is called after the type and the field. So an object that
//! appears inside a shared type, in one of its places or in all, changes no name of another.
//!
//! What contradicts the places before it in its entry has a type of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::fit::contradiction;
use super::places::{Place, below};
use crate::overlay::TypeNames;

/// What identifies a type while names are not given yet: `=Name` for an entry of the overlay, the
/// event's name for a payload, and for what is inside another type that one's key and the field.
pub(super) type Key = String;

/// The key of the type that an entry of the overlay names.
fn named(name: &str) -> Key {
    format!("={name}")
}

/// The name, if an entry of the overlay gives one.
pub(super) fn name_of(key: &str) -> Option<&str> {
    key.strip_prefix('=').filter(|name| !name.contains('/'))
}

/// A place that can't have the type that an entry, or its surroundings, would give it.
#[derive(Debug, Clone)]
pub(super) struct Apart {
    /// The place.
    pub(super) place: String,
    /// The type that it is not a part of.
    pub(super) key: Key,
    /// The field that makes it so.
    pub(super) field: String,
    /// A place that has another thing in this field.
    pub(super) other: String,
}

/// The places by the type that they share.
pub(super) struct Groups {
    /// By index of the place.
    pub(super) keys: Vec<Key>,
    /// By key: the indices of the places, those first whose word counts more.
    pub(super) members: BTreeMap<Key, Vec<usize>>,
    /// The places that had to be taken out.
    pub(super) apart: Vec<Apart>,
}

impl Groups {
    pub(super) fn of(places: &[Place<'_>], names: Option<&TypeNames>) -> Self {
        let entries = names.map(Entries::of).unwrap_or_default();
        let mut apart: Vec<Apart> = Vec::new();
        loop {
            let mut keys = Keys::new(&entries, &apart);
            let keys: Vec<Key> = places.iter().map(|place| keys.of(&place.text)).collect();
            let mut members: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
            for (index, key) in keys.iter().enumerate() {
                members.entry(key.clone()).or_default().push(index);
            }
            for indices in members.values_mut() {
                indices.sort_by_key(|index| (entries.rank(&places[*index].text), *index));
            }
            let found = contradictions(places, &keys, &members);
            if found.is_empty() {
                return Self {
                    keys,
                    members,
                    apart,
                };
            }
            // Each is new, and there are only so many: this comes to an end.
            apart.extend(found);
        }
    }
}

impl Groups {
    /// What the overlay says of these places and does not come true.
    pub(super) fn misfits(&self) -> impl Iterator<Item = String> {
        self.apart.iter().filter_map(|apart| {
            let Apart {
                place,
                key,
                field,
                other,
            } = apart;
            let name = name_of(key)?;
            Some(format!(
                "`{name}`: `{place}` has a type of its own, because its `{field}` is not what it \
                 is in `{other}`"
            ))
        })
    }
}

/// The entries for places where there is no object.
pub(super) fn unused<'n>(
    places: &[Place<'_>],
    names: Option<&'n TypeNames>,
) -> impl Iterator<Item = &'n str> {
    let there: BTreeSet<&str> = places.iter().map(|place| place.text.as_str()).collect();
    let unused = names.map(TypeNames::by_place).unwrap_or_default();
    let unused = unused.into_keys().filter(|place| !there.contains(place));
    unused.collect::<Vec<_>>().into_iter()
}

/// What can't stay in its group.
fn contradictions(
    places: &[Place<'_>],
    keys: &[Key],
    members: &BTreeMap<Key, Vec<usize>>,
) -> Vec<Apart> {
    let mut found = Vec::new();
    for (key, members) in members {
        let mut kept: Vec<usize> = Vec::new();
        for index in members {
            let place = &places[*index];
            let problem = kept.iter().find_map(|other| {
                let other = &places[*other];
                let field = contradiction(other.object, place.object)
                    .or_else(|| other_type(other, place, keys))?;
                Some(Apart {
                    place: place.text.clone(),
                    key: key.clone(),
                    field,
                    other: other.text.clone(),
                })
            });
            match problem {
                Some(problem) => found.push(problem),
                None => kept.push(*index),
            }
        }
    }
    found
}

/// A field that holds an object of another type in the other place.
fn other_type(a: &Place<'_>, b: &Place<'_>, keys: &[Key]) -> Option<String> {
    let mut inner = a.inner.iter();
    let field = inner.find(|(field, a)| {
        let b = b.inner.get(*field);
        b.is_some_and(|b| keys[*b] != keys[**a])
    });
    field.map(|(field, _)| (*field).to_owned())
}

/// The entries of the overlay, by place.
#[derive(Default)]
struct Entries<'a> {
    /// The name, and how many places its entry lists before this one.
    by_place: BTreeMap<&'a str, (&'a str, usize)>,
}

impl<'a> Entries<'a> {
    fn of(names: &'a TypeNames) -> Self {
        let mut by_place = BTreeMap::new();
        for (name, places) in &names.0 {
            for (index, place) in places.iter().enumerate() {
                by_place.insert(place.as_str(), (name.as_str(), index));
            }
        }
        Self { by_place }
    }

    fn rank(&self, place: &str) -> usize {
        let entry = self.by_place.get(place);
        entry.map_or(usize::MAX, |(_, index)| *index)
    }
}

/// The keys of places, whether they are there or only listed. They depend on the overlay and on
/// what had to be taken out, not on which other events there are.
struct Keys<'a> {
    entries: &'a Entries<'a>,
    apart: BTreeSet<(&'a str, &'a str)>,
    /// The names that the overlay gives to what is inside a type, by its key and the field.
    inside: BTreeMap<(Key, &'a str), &'a str>,
    known: BTreeMap<String, Key>,
}

impl<'a> Keys<'a> {
    fn new(entries: &'a Entries<'a>, apart: &'a [Apart]) -> Self {
        let apart = apart.iter();
        let mut keys = Self {
            entries,
            apart: apart.map(|a| (a.place.as_str(), a.key.as_str())).collect(),
            inside: BTreeMap::new(),
            known: BTreeMap::new(),
        };
        // What is inside a type is settled after the type.
        let mut by_depth: BTreeMap<usize, Vec<&'a str>> = BTreeMap::new();
        for place in entries.by_place.keys().filter(|place| place.contains('/')) {
            let depth = place.matches('/').count();
            by_depth.entry(depth).or_default().push(place);
        }
        for places in by_depth.into_values() {
            keys.settle(&places);
        }
        keys
    }

    /// Gives one name to what several places of a type have in one field: the one that most of them
    /// have in the overlay.
    fn settle(&mut self, places: &[&'a str]) {
        let mut votes: BTreeMap<(Key, &'a str), BTreeMap<&'a str, usize>> = BTreeMap::new();
        for place in places {
            let Some((parent, field)) = place.rsplit_once('/') else {
                continue;
            };
            let (name, _) = self.entries.by_place[place];
            if !self.apart.contains(&(*place, named(name).as_str())) {
                let votes = votes.entry((self.of(parent), field)).or_default();
                *votes.entry(name).or_default() += 1;
            }
        }
        for (inside, votes) in votes {
            // Of equals the first in the alphabet.
            let mut most: Option<(&str, usize)> = None;
            for (name, count) in votes {
                if most.is_none_or(|(_, most)| count > most) {
                    most = Some((name, count));
                }
            }
            if let Some((name, _)) = most {
                self.inside.insert(inside, name);
            }
        }
    }

    /// The key of the type that the object at `place` has.
    fn of(&mut self, place: &str) -> Key {
        if let Some(known) = self.known.get(place) {
            return known.clone();
        }
        let Some((parent, field)) = place.rsplit_once('/') else {
            return place.to_owned();
        };
        let parent = self.of(parent);
        let inside = self.inside.get(&(parent.clone(), field));
        let own = self.entries.by_place.get(place).map(|(name, _)| name);
        let named = inside.into_iter().chain(own).map(|name| named(name));
        let mut keys = named.chain([below(&parent, field)]);
        let key = keys.find(|key| !self.apart.contains(&(place, key.as_str())));
        // A place that fits nowhere is a type by itself.
        let key = key.unwrap_or_else(|| place.to_owned());
        self.known.insert(place.to_owned(), key.clone());
        key
    }
}
