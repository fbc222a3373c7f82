//! Entries of the overlay that match nothing.

use std::collections::BTreeSet;

use super::{Overlay, ServiceDocs};
use crate::model::{Model, Service, Type};

impl Overlay {
    /// The entries that match nothing in `model`, each as `file: entry`.
    pub fn unused(&self, model: &Model<'_>) -> Vec<String> {
        let mut unused = model.unused_names.clone();
        let all: BTreeSet<&str> = model.services.iter().flat_map(field_names).collect();
        let common = self.common.fields.keys().chain(&self.common.times);
        unused.extend(
            common
                .filter(|name| !all.contains(name.as_str()))
                .map(|name| format!("docs/common.json: {name}")),
        );
        for (name, access) in &self.access {
            let is_event = |rest: &&String| {
                let mut events = model.events.iter();
                events.any(|event| event.service == *name && event.rest == **rest)
            };
            let entries = access.0.keys().filter(|rest| !is_event(rest));
            unused.extend(entries.map(|rest| format!("access/{name}.json: {rest}")));
        }
        for (name, docs) in &self.docs {
            let file = format!("docs/{name}.json");
            let Some(service) = model.services.iter().find(|service| service.name == *name) else {
                unused.push(format!("{file}: there is no such service"));
                continue;
            };
            let entries = unused_of_service(docs, service, model);
            unused.extend(entries.into_iter().map(|entry| format!("{file}: {entry}")));
        }
        unused
    }
}

fn unused_of_service(docs: &ServiceDocs, service: &Service, model: &Model<'_>) -> Vec<String> {
    let events: BTreeSet<&str> = model
        .events
        .iter()
        .filter(|event| event.service == service.name)
        .map(|event| event.rest.as_str())
        .collect();
    let types: BTreeSet<&str> = service.structs.iter().map(|s| s.name.as_str()).collect();
    let mut fields: BTreeSet<String> = field_names(service).map(str::to_owned).collect();
    let mut values: BTreeSet<(&str, &str)> = BTreeSet::new();
    for item in &service.structs {
        for field in &item.fields {
            fields.insert(format!("{}.{}", item.name, field.wire));
            if let Type::Enum(name) = field.ty.innermost() {
                values.insert((name, ""));
                let listed = field.facts.values.0.iter();
                values.extend(listed.map(|(value, _)| (name.as_str(), value.as_str())));
            }
        }
    }
    let not_in = |set: &BTreeSet<&str>, name: &str| !set.contains(name);
    let mut unused = Vec::new();
    let mut note_if = |is_unused: bool, entry: &str| {
        if is_unused {
            unused.push(entry.to_owned());
        }
    };
    for event in docs.events.keys() {
        note_if(not_in(&events, event), event);
    }
    for name in docs.types.keys() {
        note_if(not_in(&types, name), name);
    }
    let names = docs.fields.keys().chain(&docs.times).chain(&docs.not_times);
    for name in names.chain(docs.enums.values().flat_map(|docs| &docs.at)) {
        note_if(!fields.contains(name), name);
    }
    for (name, docs) in &docs.enums {
        note_if(!values.contains(&(name, "")), name);
        for value in docs.values.keys() {
            note_if(!values.contains(&(name, value)), &format!("{name} {value}"));
        }
    }
    unused
}

fn field_names(service: &Service) -> impl Iterator<Item = &str> {
    let fields = service.structs.iter().flat_map(|item| &item.fields);
    fields.map(|field| field.wire.as_str())
}
