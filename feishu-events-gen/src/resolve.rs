//! Schemas → model, in three steps: the shapes of objects, their names, their types.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::model::{Event, Model};
use crate::names::{self, Taken};
use crate::overlay::Overlay;
use crate::schema_set::{SchemaFile, SchemaSet};

mod enums;
mod fit;
mod groups;
mod known_types;
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

/// An event with the shape of its payload, before types have names.
struct ShapedEvent<'a> {
    file: &'a SchemaFile,
    payload_name: String,
    shape: ObjectShape<'a>,
}

/// Resolves what to generate for `schemas`, with the names and docs of `overlay`.
///
/// # Errors
/// A schema without a row `event`, or with an unknown type in an event that no page documents.
pub fn resolve<'a>(schemas: &'a SchemaSet, overlay: &Overlay) -> Result<Model<'a>> {
    let shaped: Vec<ShapedEvent<'_>> = schemas.iter().map(shape_event).collect::<Result<_>>()?;
    let mut services = Vec::new();
    let mut names_of: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut modules = BTreeMap::new();
    let mut taken = Taken::default();
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
                types.add(index, None);
            }
        }
        let types_of = places.iter().zip(&groups.keys);
        let types_of =
            types_of.map(|(place, key)| (place.text.clone(), types.name_of(key).to_owned()));
        names_of.insert(service.to_owned(), types_of.collect());
        let (mut complete, of_docs) = types.finish();
        misfits.extend(
            of_docs
                .into_iter()
                .map(|misfit| format!("docs/{service}.json: {misfit}")),
        );
        complete.module = taken.take(&complete.module);
        modules.insert(service.to_owned(), complete.module.clone());
        services.push(complete);
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
        events: events(&shaped, overlay, &names_of, &modules),
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
    modules: &BTreeMap<String, String>,
) -> Vec<Event<'a>> {
    let mut variants = Taken::default();
    let mut constants = Taken::default();
    let mut events = Vec::new();
    for event in shaped {
        let file = event.file;
        let schema = &file.schema;
        let variant = variants.take(&names::variant_name(&schema.event_type));
        let constant = constants.take(&constant_name(&schema.event_type));
        let module = modules.get(&file.service);
        let payload = names
            .get(&file.service)
            .and_then(|names| names.get(file.rest()));
        events.push(Event {
            schema,
            service: file.service.clone(),
            module: module.unwrap_or(&file.service).clone(),
            constant,
            rest: file.rest().to_owned(),
            doc: overlay.event(&file.service, file.rest()),
            variant,
            payload: payload.unwrap_or(&event.payload_name).clone(),
            field_scopes: event.shape.field_scopes(),
            access: overlay.access(&event.file.service, event.file.rest(), &schema.scopes),
        });
    }
    events
}

fn shape_event(file: &SchemaFile) -> Result<ShapedEvent<'_>> {
    known_types::check_types(file)?;
    Ok(ShapedEvent {
        file,
        payload_name: names::type_name(file.rest()),
        shape: payload_shape(file)?,
    })
}

/// `im.message.receive_v1` → `IM_MESSAGE_RECEIVE_V1`.
fn constant_name(event_type: &str) -> String {
    let name = event_type.to_uppercase();
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name
    } else {
        format!("EVENT_{name}")
    }
}
