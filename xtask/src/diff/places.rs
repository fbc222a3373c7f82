//! The Rust items of a model: the item of each documented field, and all items that users can name.

use std::collections::BTreeMap;

use feishu_events_gen::internals::model::{Model, Service, Struct, Type};

/// The Rust items of an event's fields.
#[derive(Debug, Default)]
pub(super) struct EventPlaces {
    /// The payload's type: `im::MessageReceiveV1`.
    pub(super) payload: String,
    /// By the path below `event`, as on the wire: `message.mentions.id`.
    pub(super) fields: BTreeMap<String, Place>,
}

/// A field in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// Its path from the payload: `message.mentions[].id`.
    pub(super) shown: String,
    /// The struct and the field: `im::MentionEvent.id`.
    pub(super) item: String,
    /// Its type, without `Option`.
    pub(super) ty: String,
    /// If it is an enum, the values that have variants.
    pub(super) named_values: Option<Vec<String>>,
}

/// The places of all events, by event type.
pub(super) fn places(model: &Model<'_>) -> BTreeMap<String, EventPlaces> {
    let services: BTreeMap<&str, &Service> = model
        .services
        .iter()
        .map(|service| (service.name.as_str(), service))
        .collect();
    let mut all = BTreeMap::new();
    for event in &model.events {
        let mut places = EventPlaces {
            payload: format!("{}::{}", event.service, event.payload),
            fields: BTreeMap::new(),
        };
        if let Some(service) = services.get(event.service.as_str()) {
            let mut walk = Walk {
                service,
                open: Vec::new(),
                places: &mut places.fields,
            };
            walk.walk(&event.payload, "", "");
        }
        all.insert(event.schema.event_type.clone(), places);
    }
    all
}

struct Walk<'a> {
    service: &'a Service,
    /// The structs on the current path, so that a recursive type ends the walk.
    open: Vec<String>,
    places: &'a mut BTreeMap<String, Place>,
}

impl Walk<'_> {
    fn walk(&mut self, name: &str, wire: &str, shown: &str) {
        let structs = &self.service.structs;
        let Some(item) = structs.iter().find(|item| item.name == name) else {
            return;
        };
        if self.open.iter().any(|open| open == name) {
            return;
        }
        self.open.push(name.to_owned());
        for field in &item.fields {
            let wire = format!("{wire}{}", field.wire);
            let shown = format!("{shown}{}", field.name);
            let place = Place {
                shown: shown.clone(),
                item: format!("{}::{name}.{}", self.service.name, field.name),
                ty: type_name(&field.ty),
                named_values: self.named_values(&field.ty),
            };
            self.places.insert(wire.clone(), place);
            let inside = format!("{shown}{}.", "[]".repeat(depth(&field.ty)));
            if let Type::Struct(inner) = field.ty.innermost() {
                self.walk(inner, &format!("{wire}."), &inside);
            }
            if *field.ty.innermost() == Type::UserId {
                for id in ["open_id", "union_id", "user_id"] {
                    let place = Place {
                        shown: format!("{inside}{id}"),
                        item: format!("UserId.{id}"),
                        ty: "String".to_owned(),
                        named_values: None,
                    };
                    self.places.insert(format!("{wire}.{id}"), place);
                }
            }
        }
        self.open.pop();
    }

    fn named_values(&self, ty: &Type) -> Option<Vec<String>> {
        let Type::Enum(name) = ty.innermost() else {
            return None;
        };
        let enums = &self.service.enums;
        let item = enums.iter().find(|item| item.name == *name)?;
        let values = item.values.iter();
        Some(values.map(|value| value.wire.clone()).collect())
    }
}

fn depth(ty: &Type) -> usize {
    match ty {
        Type::List(item) => 1 + depth(item),
        _ => 0,
    }
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::String => "String".to_owned(),
        Type::Int => "i64".to_owned(),
        Type::Float => "f64".to_owned(),
        Type::Bool => "bool".to_owned(),
        Type::Json | Type::Mixed => "Value".to_owned(),
        Type::PersonId => "PersonId".to_owned(),
        Type::Map(value) => format!("BTreeMap<String, {}>", type_name(value)),
        Type::UserId => "UserId".to_owned(),
        Type::Struct(name) | Type::Enum(name) => name.clone(),
        Type::List(item) => format!("Vec<{}>", type_name(item)),
    }
}

/// The items that users can name (structs, fields, enums, variants), by path, with their kind or type.
pub(super) fn items(model: &Model<'_>) -> BTreeMap<String, String> {
    let mut items = BTreeMap::new();
    for service in &model.services {
        for item in &service.structs {
            add_struct(&mut items, &service.name, item);
        }
        for item in &service.enums {
            let path = format!("{}::{}", service.name, item.name);
            for value in &item.values {
                let variant = format!("{path}::{}", value.name);
                items.insert(variant, format!("`{}`", value.wire));
            }
            items.insert(path, "enum".to_owned());
        }
    }
    for event in &model.events {
        let payload = format!("{}::{}", event.service, event.payload);
        items.insert(format!("Event::{}", event.variant), payload);
    }
    items
}

fn add_struct(items: &mut BTreeMap<String, String>, service: &str, item: &Struct) {
    let path = format!("{service}::{}", item.name);
    for field in &item.fields {
        items.insert(format!("{path}.{}", field.name), type_name(&field.ty));
    }
    items.insert(path, "struct".to_owned());
}
