//! Schemas → model: shapes first, names for all of them second, types last.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::{Event, Model};
use crate::names;
use crate::overlay::Overlay;
use crate::schema_set::{SchemaFile, SchemaSet};

mod enums;
mod fit;
mod groups;
mod merge;
mod naming;
mod places;
mod shape;
mod structs;
mod suggest;
mod user_ids;

use groups::Groups;
use naming::StructNames;
use shape::{ObjectShape, payload_shape};
use structs::Types;

pub use suggest::suggest_names;

/// An event with the shape of its payload, before anything in it has a name.
struct ShapedEvent<'a> {
    file: &'a SchemaFile,
    payload_name: String,
    shape: ObjectShape<'a>,
}

/// Resolves what is to be generated for `schemas`, with the names and docs of `overlay`.
///
/// # Errors
/// Rows that describe no payload, and things that can't have a name in Rust.
pub fn resolve<'a>(schemas: &'a SchemaSet, overlay: &Overlay) -> Result<Model<'a>> {
    let shaped: Vec<ShapedEvent<'_>> = schemas.iter().map(shape_event).collect::<Result<_>>()?;
    let mut services = Vec::new();
    let mut names_of: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut unused_names = Vec::new();
    let mut misfits = Vec::new();
    for (service, events) in by_service(&shaped) {
        let entries = overlay.names.get(service);
        let places = places::places(&events);
        let groups = Groups::of(&places, entries);
        let names = StructNames::new(&places, &groups, entries, overlay.docs.get(service));
        let mut types = Types::new(service, overlay, &places, &groups, &names);
        for (index, place) in places.iter().enumerate() {
            if place.field.is_none() {
                types.add(index, None)?;
            }
        }
        let types_of = places.iter().zip(&groups.keys);
        let types_of = types_of.map(|(place, key)| (place.text.clone(), names.of(key).to_owned()));
        names_of.insert(service.to_owned(), types_of.collect());
        services.push(types.finish()?);
        let file = format!("names/{service}.json");
        let unused = groups::unused(&places, entries);
        unused_names.extend(unused.map(|place| format!("{file}: {place}")));
        misfits.extend(groups.misfits().map(|misfit| format!("{file}: {misfit}")));
    }
    let is_there = |service: &str| shaped.iter().any(|event| event.file.service == service);
    for (service, entries) in &overlay.names {
        if !is_there(service) {
            let places = entries.0.values().flatten();
            unused_names.extend(places.map(|place| format!("names/{service}.json: {place}")));
        }
    }
    unused_names.sort();
    Ok(Model {
        services,
        events: events(&shaped, overlay, &names_of)?,
        places: names_of,
        unused_names,
        misfits,
    })
}

fn by_service<'s, 'a>(
    shaped: &'s [ShapedEvent<'a>],
) -> BTreeMap<&'s str, Vec<&'s ShapedEvent<'a>>> {
    let mut services: BTreeMap<&str, Vec<&ShapedEvent<'_>>> = BTreeMap::new();
    for event in shaped {
        let service = services.entry(&event.file.service).or_default();
        service.push(event);
    }
    services
}

/// The events, in the order of `shaped`, with the names of their payloads.
fn events<'a>(
    shaped: &[ShapedEvent<'a>],
    overlay: &Overlay,
    names: &BTreeMap<String, BTreeMap<String, String>>,
) -> Result<Vec<Event<'a>>> {
    let mut variants = BTreeMap::new();
    let mut events = Vec::new();
    for event in shaped {
        let file = event.file;
        let schema = &file.schema;
        let variant = rust_name(file, &schema.event_type)?;
        claim_for_event(&mut variants, &variant, file)?;
        let payload = names
            .get(&file.service)
            .and_then(|names| names.get(file.rest()));
        events.push(Event {
            schema,
            service: file.service.clone(),
            rest: file.rest().to_owned(),
            doc: overlay.event(&file.service, file.rest()),
            variant,
            payload: payload.unwrap_or(&event.payload_name).clone(),
            field_scopes: event.shape.field_scopes(),
        });
    }
    Ok(events)
}

fn shape_event(file: &SchemaFile) -> Result<ShapedEvent<'_>> {
    Ok(ShapedEvent {
        file,
        payload_name: rust_name(file, file.rest())?,
        shape: payload_shape(file)?,
    })
}

fn rust_name(file: &SchemaFile, documented: &str) -> Result<String> {
    names::type_name(documented).ok_or_else(|| Error::Event {
        path: file.path.clone(),
        problem: format!("`{documented}` cannot be the name of a Rust type"),
    })
}

/// Notes that `owner` has `name`; gives what else has it already.
fn claim(taken: &mut BTreeMap<String, String>, name: &str, owner: &str) -> Option<String> {
    let first = taken.insert(name.to_owned(), owner.to_owned());
    first.filter(|first| first != owner)
}

/// The same for an event, whose name nobody can choose.
fn claim_for_event(
    taken: &mut BTreeMap<String, String>,
    name: &str,
    file: &SchemaFile,
) -> Result<()> {
    let owner = format!("the event `{}`", file.schema.event_type);
    match claim(taken, name, &owner) {
        None => Ok(()),
        Some(first) => Err(Error::Event {
            path: file.path.clone(),
            problem: format!("{first} and {owner} would both be named `{name}`"),
        }),
    }
}
