//! Schemas → model: shapes first, names for all of them second, types last.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::{Event, Model};
use crate::names;
use crate::overlay::Overlay;
use crate::schema_set::{SchemaFile, SchemaSet};

mod enums;
mod merge;
mod naming;
mod shape;
mod structs;
mod suggest;

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
/// Rows that describe no payload, things that would get the same Rust name, and entries of the
/// overlay that give one type to what does not agree.
pub fn resolve<'a>(schemas: &'a SchemaSet, overlay: &Overlay) -> Result<Model<'a>> {
    let shaped: Vec<ShapedEvent<'_>> = schemas.iter().map(shape_event).collect::<Result<_>>()?;
    let names = StructNames::new(&shaped, overlay)?;
    let mut services: BTreeMap<&str, Types<'_>> = BTreeMap::new();
    let mut variants = BTreeMap::new();
    let mut events = Vec::new();
    for event in &shaped {
        let service = event.file.service.as_str();
        let types = services
            .entry(service)
            .or_insert_with(|| Types::new(service, overlay));
        types.add_payload(event, &names)?;
        let schema = &event.file.schema;
        let variant = rust_name(event.file, &schema.event_type)?;
        claim_for_event(&mut variants, &variant, event.file)?;
        events.push(Event {
            schema,
            service: service.to_owned(),
            rest: event.file.rest().to_owned(),
            doc: overlay.event(service, event.file.rest()),
            variant,
            payload: event.payload_name.clone(),
            field_scopes: event.shape.field_scopes(),
        });
    }
    Ok(Model {
        services: services
            .into_values()
            .map(Types::finish)
            .collect::<Result<_>>()?,
        events,
        unused_names: names.unused(&shaped),
    })
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
