//! Which struct gets which name.
//!
//! An object that the overlay names has that name, together with all others that the entry lists.
//! Every other object is named for its event and the fields that lead to it. So a name depends on
//! the event and on explicit entries only: a new event never renames an old type.

use std::collections::BTreeMap;

use super::shape::{ObjectShape, Shape};
use super::{ShapedEvent, claim, claim_for_event};
use crate::error::{Error, Result};
use crate::names;
use crate::overlay::Overlay;

/// The names of all nested structs.
pub(super) struct StructNames<'a> {
    /// By service and place.
    entries: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
}

impl<'a> StructNames<'a> {
    /// The names for all objects of all events.
    ///
    /// # Errors
    /// Two different things that would get one name.
    pub(super) fn new(events: &[ShapedEvent<'_>], overlay: &'a Overlay) -> Result<Self> {
        let entries = overlay.names.iter();
        let names = Self {
            entries: entries
                .map(|(service, names)| (service.as_str(), names.by_place()))
                .collect(),
        };
        // By service: what has which name.
        let mut taken: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        for event in events {
            let taken = taken.entry(&event.file.service).or_default();
            claim_for_event(taken, &event.payload_name, event.file)?;
        }
        for event in events {
            let taken = taken.entry(&event.file.service).or_default();
            let mut result = Ok(());
            each_object(&event.shape, &mut |object| {
                let place = place(event, object);
                let owner = names.entry(event, &place).map_or_else(
                    || format!("`{place}`"),
                    |name| format!("the type `{name}` of the overlay"),
                );
                let name = names.of(event, object);
                if let Some(first) = claim(taken, &name, &owner)
                    && result.is_ok()
                {
                    result = Err(Error::SameName {
                        path: event.file.path.clone(),
                        service: event.file.service.clone(),
                        name,
                        first,
                        second: owner,
                    });
                }
            });
            result?;
        }
        Ok(names)
    }

    /// The name of the struct for `object`, found in the payload of `event`.
    pub(super) fn of(&self, event: &ShapedEvent<'_>, object: &ObjectShape<'_>) -> String {
        let entry = self.entry(event, &place(event, object));
        entry.map_or_else(|| path_name(event, object), str::to_owned)
    }

    fn entry(&self, event: &ShapedEvent<'_>, place: &str) -> Option<&'a str> {
        let service = self.entries.get(event.file.service.as_str())?;
        service.get(place).copied()
    }

    /// The entries for places where there is no object, each as `file: place`.
    pub(super) fn unused(mut self, events: &[ShapedEvent<'_>]) -> Vec<String> {
        for event in events {
            if let Some(entries) = self.entries.get_mut(event.file.service.as_str()) {
                each_object(&event.shape, &mut |object| {
                    entries.remove(place(event, object).as_str());
                });
            }
        }
        let unused = self.entries.iter().flat_map(|(service, entries)| {
            let places = entries.keys();
            places.map(move |place| format!("names/{service}.json: {place}"))
        });
        unused.collect()
    }
}

/// `department.updated_v3` and `object`, `leaders` → `department.updated_v3/object/leaders`.
pub(super) fn place(event: &ShapedEvent<'_>, object: &ObjectShape<'_>) -> String {
    format!("{}/{}", event.file.rest(), object.path.join("/"))
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

/// Visits all objects inside `object`, but not `object` itself.
pub(super) fn each_object<'a>(
    object: &'a ObjectShape<'_>,
    visit: &mut dyn FnMut(&'a ObjectShape<'_>),
) {
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
