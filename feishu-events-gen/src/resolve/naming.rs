//! The names of types.
//!
//! A type has the name that the overlay gives it; a payload is named after its event; every other type
//! is named after the type that contains it and the field. So a name depends only on the event and on
//! entries of the overlay: a new event never renames an old type.

use std::collections::BTreeMap;

use super::groups::{Groups, Key, name_of};
use super::places::Place;
use crate::names::{self, Taken};
use crate::overlay::{ServiceDocs, TypeNames};

/// The names of a service's types, by their keys.
pub(super) struct StructNames {
    by_key: BTreeMap<Key, String>,
}

impl StructNames {
    /// Names for all of `groups`; if two would have the same name, the second gets a number.
    pub(super) fn new(
        places: &[Place<'_>],
        groups: &Groups,
        entries: Option<&TypeNames>,
        docs: Option<&ServiceDocs>,
    ) -> Self {
        let mut names = Self {
            by_key: BTreeMap::new(),
        };
        let mut taken = Taken::default();
        for key in groups.members.keys() {
            if let Some(name) = name_of(key) {
                let name = taken.take(&names::given(name));
                names.by_key.insert(key.clone(), name);
            }
        }
        taken.extend(docs.into_iter().flat_map(|docs| docs.enums.keys()).cloned());
        let by_place = entries.map(TypeNames::by_place).unwrap_or_default();
        for place in places.iter().filter(|place| place.field.is_none()) {
            let own = by_place.get(place.text.as_str());
            let name = own.map_or_else(
                || place.event.payload_name.clone(),
                |name| (*name).to_owned(),
            );
            names
                .by_key
                .insert(place.text.clone(), taken.take(&names::given(&name)));
        }
        // A type is named after the one that contains it, whose key is a prefix of its own.
        for key in groups.members.keys() {
            if !names.by_key.contains_key(key) {
                let name = taken.take(&names.derived(key));
                names.by_key.insert(key.clone(), name);
            }
        }
        names
    }

    /// The name of the type with this key.
    pub(super) fn of(&self, key: &str) -> &str {
        self.by_key.get(key).map_or("", String::as_str)
    }

    /// `DepartmentUpdatedV3` and `old_object` → `DepartmentUpdatedV3OldObject`.
    fn derived(&self, key: &str) -> String {
        if let Some(name) = self.by_key.get(key) {
            return name.clone();
        }
        match key.rsplit_once('/') {
            Some((outer, field)) => {
                self.derived(outer).trim_end_matches('_').to_owned() + &names::part(field)
            }
            None => names::type_name(key),
        }
    }
}
