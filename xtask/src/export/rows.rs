//! What the documentation of one event says of the fields of the types in it. A type can be shared
//! by several events, of which each documents a part.

use std::collections::BTreeMap;

use feishu_events_gen::internals::model::{Event, Service, Struct, Type};
use feishu_events_gen::internals::schema::{Row, row_paths};

/// The rows of one event, by type and field.
#[derive(Debug)]
pub(super) struct EventRows<'a>(BTreeMap<&'a str, BTreeMap<&'a str, &'a Row>>);

impl<'a> EventRows<'a> {
    /// The rows of `event`, which `service` documents.
    pub(super) fn of(event: &'a Event<'_>, service: &'a Service) -> Self {
        let mut found = BTreeMap::<&str, BTreeMap<&str, &Row>>::new();
        for path in row_paths(&event.schema.fields) {
            let mut names = path.names();
            if names.next() != Some("event") {
                continue;
            }
            let names: Vec<&str> = names.collect();
            let Some((last, outer)) = names.split_last() else {
                continue;
            };
            let owner = outer
                .iter()
                .try_fold(event.payload.as_str(), |owner, name| {
                    match field_type(struct_of(service, owner)?, name)?.innermost() {
                        Type::Struct(inner) => Some(inner.as_str()),
                        _ => None,
                    }
                });
            let Some(owner) = owner else { continue };
            if let Some(field) = struct_of(service, owner)
                .and_then(|owner| owner.fields.iter().find(|field| field.wire == *last))
            {
                // Of two rows of one name, the first one counts.
                let rows = found.entry(owner).or_default();
                rows.entry(field.wire.as_str()).or_insert(path.row);
            }
        }
        Self(found)
    }

    /// The row of a field of a type, if the event documents one.
    pub(super) fn get(&self, owner: &str, field: &str) -> Option<&'a Row> {
        self.0.get(owner)?.get(field).copied()
    }

    /// Whether the event documents any field of a type.
    pub(super) fn has(&self, owner: &str) -> bool {
        self.0.contains_key(owner)
    }
}

/// The struct of this name.
pub(super) fn struct_of<'a>(service: &'a Service, name: &str) -> Option<&'a Struct> {
    let index = service
        .structs
        .binary_search_by(|item| item.name.as_str().cmp(name));
    index.ok().map(|index| &service.structs[index])
}

fn field_type<'a>(owner: &'a Struct, field: &str) -> Option<&'a Type> {
    let field = owner.fields.iter().find(|found| found.wire == field)?;
    Some(&field.ty)
}
