//! Names depend on the event itself and on explicit entries: whichever other events come or go,
//! the types of an event keep theirs.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::collections::BTreeMap;
use std::path::Path;

use feishu_events_gen::internals::model::{Model, Type};
use feishu_events_gen::internals::{Overlay, SchemaSet, overlay, resolve};
use proptest::prelude::*;
use proptest::sample::subsequence;

/// The Rust types of an event: by the fields that lead to each.
type Names = BTreeMap<String, String>;

fn names(model: &Model<'_>) -> BTreeMap<String, Names> {
    let of_event = |event: &feishu_events_gen::internals::model::Event<'_>| {
        let mut names = Names::from([(String::new(), event.payload.clone())]);
        let service = model.services.iter().find(|s| s.name == event.service);
        walk(service.unwrap(), &event.payload, "", &mut names);
        (event.schema.event_type.clone(), names)
    };
    model.events.iter().map(of_event).collect()
}

fn walk(
    service: &feishu_events_gen::internals::model::Service,
    name: &str,
    path: &str,
    names: &mut Names,
) {
    let item = service.structs.iter().find(|item| item.name == name);
    for field in &item.unwrap().fields {
        let path = format!("{path}/{}", field.wire);
        match field.ty.innermost() {
            Type::Struct(inner) => {
                names.insert(path.clone(), inner.clone());
                walk(service, inner, &path, names);
            }
            Type::Enum(inner) => {
                names.insert(path, inner.clone());
            }
            _ => {}
        }
    }
}

#[test]
fn names_of_an_event_do_not_depend_on_other_events() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let overlay = Overlay::load(&folder.join(overlay::FOLDER)).unwrap();
    let schemas = SchemaSet::load(&folder).unwrap();
    let all = names(&resolve(&schemas, &overlay).unwrap());
    let events: Vec<String> = all.keys().cloned().collect();
    let count = events.len();
    proptest!(ProptestConfig::with_cases(64), |(kept in subsequence(events, 1..=count))| {
        let mut fewer = schemas.clone();
        for event_type in all.keys().filter(|name| !kept.contains(name)) {
            fewer.remove(event_type);
        }
        for (event_type, names) in names(&resolve(&fewer, &overlay).unwrap()) {
            for (path, name) in &names {
                // A shared type has all fields of the places that share it, so it can have fewer.
                prop_assert_eq!(all[&event_type].get(path), Some(name), "{} {}", event_type, path);
            }
        }
    });
}
