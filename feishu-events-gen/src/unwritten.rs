//! What has no docs in English yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Model, Service, Struct, Type};
use crate::schema::quoted;

/// The file that lists missing docs, below the folder of the overlay.
pub const FILE: &str = "unwritten.json";

/// The file that lists the entries of the overlay that match nothing or contradict the schemas.
pub const LEFTOVER: &str = "leftover.txt";

/// The missing docs of a service, with the keys of `docs/<service>.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Unwritten {
    /// Events, by their names without the service.
    pub events: BTreeMap<String, String>,
    /// Types without a sentence, and without a field whose sentence could be used.
    pub types: BTreeMap<String, String>,
    /// Fields, as `Type.field`.
    pub fields: BTreeMap<String, String>,
    /// Listed values without a name and a sentence, by the field that has them.
    pub values: BTreeMap<String, BTreeMap<String, (String, String)>>,
}

impl Unwritten {
    /// How many sentences are missing.
    pub fn count(&self) -> usize {
        let values = self.values.values().map(BTreeMap::len);
        self.events.len() + self.types.len() + self.fields.len() + values.sum::<usize>()
    }

    /// The missing sentences, one line each.
    pub fn lines(&self, service: &str) -> Vec<String> {
        let events = self.events.keys();
        let events =
            events.map(|name| format!("`{service}`, event `{name}`: a sentence on what happened"));
        let types = self.types.keys();
        let types = types.map(|name| format!("`{service}::{name}`: a sentence on what it is"));
        let fields = self.fields.keys();
        let fields = fields.map(|name| format!("`{service}::{name}`: a sentence on what it is"));
        let values = self.values.iter().flat_map(|(field, values)| {
            let values = values.keys();
            values.map(move |value| {
                format!("`{service}::{field}`: a name and a sentence for the value `{value}`")
            })
        });
        events.chain(types).chain(fields).chain(values).collect()
    }
}

/// What in `model` has no sentence, by service; complete services are left out.
pub fn unwritten(model: &Model<'_>) -> BTreeMap<String, Unwritten> {
    let names: BTreeSet<&str> = model
        .events
        .iter()
        .map(|e| e.schema.event_type.as_str())
        .collect();
    let mut all: BTreeMap<String, Unwritten> = BTreeMap::new();
    for service in &model.services {
        let mut missing = Unwritten::default();
        for item in &service.structs {
            of_struct(item, service, &names, &mut missing);
        }
        all.insert(service.name.clone(), missing);
    }
    for event in model.events.iter().filter(|event| event.doc.is_none()) {
        let missing = all.entry(event.service.clone()).or_default();
        missing.events.insert(event.rest.clone(), String::new());
    }
    all.retain(|_, missing| missing.count() > 0);
    all
}

fn of_struct(item: &Struct, service: &Service, events: &BTreeSet<&str>, missing: &mut Unwritten) {
    if item.doc.is_none() && item.payload_of.is_none() {
        missing.types.insert(item.name.clone(), String::new());
    }
    for field in &item.fields {
        let name = format!("{}.{}", item.name, field.wire);
        if field.doc.is_none() {
            missing.fields.insert(name.clone(), String::new());
        }
        let named: BTreeSet<&str> = match field.ty.innermost() {
            Type::Enum(enum_name) => {
                let item = service.enums.iter().find(|item| item.name == *enum_name);
                let values = item.into_iter().flat_map(|item| &item.values);
                values.map(|value| value.wire.as_str()).collect()
            }
            // `true` and `false` need no sentence.
            Type::Bool => continue,
            _ => BTreeSet::new(),
        };
        for (value, _) in &field.facts.values.0 {
            // The name of an event needs no other name.
            if !named.contains(value.as_str()) && !events.contains(value.as_str()) {
                let values = missing.values.entry(name.clone()).or_default();
                values.insert(value.clone(), Default::default());
            }
        }
    }
}

/// The list as JSON: one line per sentence, to be filled in and moved to `docs/<service>.json`.
pub fn to_json(all: &BTreeMap<String, Unwritten>) -> String {
    let services: Vec<String> = all
        .iter()
        .map(|(name, missing)| {
            let group = |title: &str, lines: Vec<String>| {
                (!lines.is_empty())
                    .then(|| format!("    {title:?}: {{\n{}\n    }}", lines.join(",\n")))
            };
            let plain = |entries: &BTreeMap<String, String>| {
                entries
                    .keys()
                    .map(|name| format!("      {}: \"\"", quoted(name)))
                    .collect()
            };
            let values = missing.values.iter().map(|(field, values)| {
                let values: Vec<String> = values
                    .keys()
                    .map(|value| format!("        {}: [\"\", \"\"]", quoted(value)))
                    .collect();
                format!(
                    "      {}: {{\n{}\n      }}",
                    quoted(field),
                    values.join(",\n")
                )
            });
            let groups = [
                group("events", plain(&missing.events)),
                group("types", plain(&missing.types)),
                group("fields", plain(&missing.fields)),
                group("values", values.collect()),
            ];
            let groups: Vec<String> = groups.into_iter().flatten().collect();
            format!("  {}: {{\n{}\n  }}", quoted(name), groups.join(",\n"))
        })
        .collect();
    if services.is_empty() {
        return "{}\n".to_owned();
    }
    format!("{{\n{}\n}}\n", services.join(",\n"))
}

/// Parses the list.
///
/// # Errors
/// Text that is not such a list.
pub fn from_json(text: &str) -> serde_json::Result<BTreeMap<String, Unwritten>> {
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_as_it_was_written() {
        let mut missing = Unwritten::default();
        missing
            .events
            .insert("lamp.lit_v1".to_owned(), String::new());
        missing
            .fields
            .insert("Lamp.\"oil\"".to_owned(), String::new());
        let values = [("1".to_owned(), Default::default())];
        missing
            .values
            .insert("Lamp.state".to_owned(), values.into());
        let all = BTreeMap::from([("acme".to_owned(), missing)]);
        assert_eq!(from_json(&to_json(&all)).unwrap(), all);
        assert_eq!(all["acme"].count(), 3);
        assert_eq!(to_json(&BTreeMap::new()), "{}\n");
    }
}
