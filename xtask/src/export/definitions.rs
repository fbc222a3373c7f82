//! The definitions of a service's types: structs and listed values.

use std::collections::{BTreeMap, BTreeSet};

use feishu_events_gen::internals::model::{Field, Service, Struct, Type};
use feishu_events_gen::internals::schema::Row;

use super::json::{Object, strings};
use super::profile::Profile;
use super::rows::{EventRows, struct_of};
use super::types::{Bounds, Types};

/// What is defined: the types of a service, as all of its events document them or as one does.
pub(super) struct Definitions<'a> {
    pub(super) types: Types<'a>,
    pub(super) service: &'a Service,
    /// The event, if it is only one.
    pub(super) rows: Option<&'a EventRows<'a>>,
}

impl Definitions<'_> {
    /// The definitions of these types and of those that they contain, by name.
    pub(super) fn reached_from<'n>(
        &self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> BTreeMap<String, Object> {
        let mut found = BTreeMap::new();
        let mut open: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let Some(item) = struct_of(self.service, &name) else {
                continue;
            };
            for field in self.fields(item) {
                match field.ty.innermost() {
                    Type::Struct(inner) if seen.insert(inner.clone()) => open.push(inner.clone()),
                    Type::Enum(inner) => {
                        let mut enums = self.service.enums.iter();
                        if let Some(open_enum) = enums.find(|item| item.name == *inner) {
                            let definition = self.types.open_enum(open_enum);
                            found.insert(self.types.name(inner), definition);
                        }
                    }
                    _ => {}
                }
            }
            found.insert(self.types.name(&name), self.object(item));
        }
        found
    }

    /// The fields of a type. What one event documents is all that its documented form has; it is
    /// received as the type that all events share.
    fn fields<'s>(&'s self, item: &'s Struct) -> impl Iterator<Item = &'s Field> {
        let only = self
            .rows
            .filter(|rows| self.types.profile == Profile::Documented && rows.has(&item.name));
        item.fields.iter().filter(move |field| {
            only.is_none_or(|rows| rows.get(&item.name, &field.wire).is_some())
        })
    }

    fn object(&self, item: &Struct) -> Object {
        let mut properties = Object::new();
        for field in self.fields(item) {
            properties.push(&field.wire, self.field(item, field));
        }
        Object::new()
            .with("type", "object")
            .with_some("description", item.doc.as_ref())
            .with("properties", properties)
    }

    fn field(&self, owner: &Struct, field: &Field) -> Object {
        let row = self
            .rows
            .and_then(|rows| rows.get(&owner.name, &field.wire));
        let (scopes, known_to) = match row {
            Some(row) => (&row.scopes, &row.known_to),
            None => (&field.facts.scopes, &field.facts.known_to),
        };
        let only_shared = self.rows.is_some() && row.is_none();
        let schema = self.types.field(&field.ty, &bounds(field, row));
        let schema = schema.with_some("description", description(field));
        if only_shared {
            // It belongs to other events of the service, which share the type.
            return schema;
        }
        schema
            .with_list("x-feishu-field-scopes", scopes)
            .with_list("x-feishu-known-to", known_to)
    }
}

fn bounds(field: &Field, row: Option<&Row>) -> Bounds {
    match row {
        Some(row) => Bounds {
            values: row.values_in_both(),
            len: (row.min_len, row.max_len),
            range: (row.min.clone(), row.max.clone()),
        },
        None => Bounds {
            values: field.facts.values.clone(),
            len: field.facts.len,
            range: field.facts.range.clone(),
        },
    }
}

fn description(field: &Field) -> Option<String> {
    let words = field
        .doc
        .clone()
        .or_else(|| field.facts.description.clone());
    let unit = "Unix time: seconds, milliseconds or microseconds since 1970.";
    match (words, field.is_time) {
        (Some(words), true) => Some(format!("{words} {unit}")),
        (None, true) => Some(unit.to_owned()),
        (words, false) => words,
    }
}

/// The facts of an event beyond its fields.
pub(super) fn event_facts(event: &feishu_events_gen::internals::model::Event<'_>) -> Object {
    let schema = event.schema;
    let lark_only = schema.lark.as_ref().is_some_and(|lark| lark.only);
    let host = if lark_only {
        "open.larksuite.com"
    } else {
        "open.feishu.cn"
    };
    let page = schema
        .document
        .as_ref()
        .filter(|page| !page.path.is_empty());
    let page = page.map(|page| format!("https://{host}/document{}", page.path));
    let updated = schema
        .document
        .as_ref()
        .and_then(|page| page.updated.as_ref());
    let kind = match schema.kind {
        feishu_events_gen::internals::schema::EventKind::Callback => "callback",
        feishu_events_gen::internals::schema::EventKind::Event => "event",
    };
    let app_types = schema.app_types.iter().map(|app_type| app_type.as_str());
    Object::new()
        .with("x-feishu-event-type", &schema.event_type)
        .with("x-feishu-protocol", schema.protocol.as_str())
        .with("x-feishu-kind", kind)
        .with_some("x-feishu-document", page)
        .with_some("x-feishu-updated", updated)
        .with_list("x-feishu-known-to", &schema.known_to)
        .with("x-feishu-app-types", strings(app_types))
        .with("x-feishu-scopes", strings(&schema.scopes))
        .with_list("x-feishu-field-scopes", &schema.field_scopes)
        .with_list("x-feishu-history-scopes", &schema.history_scopes)
}
