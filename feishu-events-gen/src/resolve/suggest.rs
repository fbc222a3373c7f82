//! Names for types that the overlay does not name yet.

use std::collections::BTreeMap;

use super::naming::{each_object, place};
use super::{ShapedEvent, shape_event};
use crate::error::Result;
use crate::names;
use crate::overlay::{Overlay, TypeNames};
use crate::schema_set::SchemaSet;

/// The names of `overlay`, and for each object without one whose type the documentation names:
/// the type that has this documented name and the same fields, or a new one if the name is free.
///
/// What is named stays so. An object whose documented name is taken by other fields is left out:
/// somebody has to choose.
///
/// # Errors
/// Rows that describe no payload.
pub fn suggest_names(
    schemas: &SchemaSet,
    overlay: &Overlay,
) -> Result<BTreeMap<String, TypeNames>> {
    let shaped: Vec<ShapedEvent<'_>> = schemas.iter().map(shape_event).collect::<Result<_>>()?;
    let mut names = overlay.names.clone();
    // By service and signature: the type that already stands for it.
    let mut known: BTreeMap<(&str, String), String> = BTreeMap::new();
    let mut taken: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for event in &shaped {
        let service = event.file.service.as_str();
        let taken = taken.entry(service).or_default();
        taken.push(event.payload_name.clone());
        let Some(entries) = overlay.names.get(service) else {
            continue;
        };
        taken.extend(entries.0.keys().cloned());
        let by_place = entries.by_place();
        each_object(&event.shape, &mut |object| {
            if let Some(name) = by_place.get(place(event, object).as_str()) {
                known.insert((service, object.signature()), (*name).to_owned());
            }
        });
    }
    for event in &shaped {
        let service = event.file.service.as_str();
        let taken = taken.entry(service).or_default();
        let entries = names.entry(service.to_owned()).or_default();
        each_object(&event.shape, &mut |object| {
            let place = place(event, object);
            let Some(documented) = object.documented.and_then(names::type_name) else {
                return;
            };
            if entries.by_place().contains_key(place.as_str()) {
                return;
            }
            let same = known.get(&(service, object.signature())).cloned();
            let free = || (!taken.contains(&documented)).then(|| documented.clone());
            if let Some(name) = same.or_else(free) {
                taken.push(name.clone());
                known.insert((service, object.signature()), name.clone());
                entries.0.entry(name).or_default().push(place);
            }
        });
    }
    names.retain(|_, names| !names.0.is_empty());
    Ok(names)
}
