//! Schemas → model: shapes first, names for all of them second, structs last.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::model::{Event, Field, FieldFacts, Model, Service, Struct, Type};
use crate::names;
use crate::schema_set::{SchemaFile, SchemaSet};

mod naming;
mod shape;

use naming::{StructNames, name_structs};
use shape::{Member, ObjectShape, Shape, payload_shape};

/// An event with the shape of its payload, before anything in it has a name.
struct ShapedEvent<'a> {
    file: &'a SchemaFile,
    payload_name: String,
    shape: ObjectShape<'a>,
}

/// Resolves what is to be generated for `schemas`.
///
/// # Errors
/// Rows that describe no payload, and things that would get the same Rust name.
pub fn resolve(schemas: &SchemaSet) -> Result<Model<'_>> {
    let shaped: Vec<ShapedEvent<'_>> = schemas.iter().map(shape_event).collect::<Result<_>>()?;
    let names = name_structs(&shaped)?;
    let mut services: BTreeMap<&str, Structs> = BTreeMap::new();
    let mut variants = BTreeMap::new();
    let mut events = Vec::new();
    for event in &shaped {
        let structs = services.entry(&event.file.service).or_default();
        structs.add_payload(event, &names)?;
        let schema = &event.file.schema;
        let variant = rust_name(event.file, &schema.event_type)?;
        claim(&mut variants, &variant, &schema.event_type)?;
        events.push(Event {
            schema,
            service: event.file.service.clone(),
            variant,
            payload: event.payload_name.clone(),
            field_scopes: event.shape.field_scopes(),
        });
    }
    let services = services
        .into_iter()
        .map(|(name, structs)| Service {
            name: name.to_owned(),
            structs: structs.finish(),
        })
        .collect();
    Ok(Model { services, events })
}

fn shape_event(file: &SchemaFile) -> Result<ShapedEvent<'_>> {
    let event_type = &file.schema.event_type;
    let rest = event_type
        .strip_prefix(&file.service)
        .and_then(|rest| rest.strip_prefix('.'))
        .unwrap_or(event_type);
    let payload_name = rust_name(file, rest)?;
    Ok(ShapedEvent {
        file,
        payload_name,
        shape: payload_shape(file)?,
    })
}

fn rust_name(file: &SchemaFile, documented: &str) -> Result<String> {
    names::type_name(documented).ok_or_else(|| Error::Row {
        path: file.path.clone(),
        row: 0,
        problem: format!("`{documented}` cannot be the name of a Rust type"),
    })
}

/// Notes that `owner` has `name`, and fails if something else has it.
fn claim(taken: &mut BTreeMap<String, String>, name: &str, owner: &str) -> Result<()> {
    match taken.insert(name.to_owned(), owner.to_owned()) {
        Some(first) if first != owner => Err(Error::SameName {
            name: name.to_owned(),
            first,
            second: owner.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// The structs of one service, by name.
#[derive(Default)]
struct Structs(BTreeMap<String, Struct>);

impl Structs {
    fn add_payload(&mut self, event: &ShapedEvent<'_>, names: &StructNames) -> Result<()> {
        let fields = self.fields(event, &event.shape, names)?;
        self.0.insert(
            event.payload_name.clone(),
            Struct {
                name: event.payload_name.clone(),
                payload_of: Some(event.file.schema.event_type.clone()),
                documented: None,
                fields,
            },
        );
        Ok(())
    }

    fn fields(
        &mut self,
        event: &ShapedEvent<'_>,
        object: &ObjectShape<'_>,
        names: &StructNames,
    ) -> Result<Vec<Field>> {
        let mut taken = BTreeMap::new();
        object
            .members
            .iter()
            .map(|member| {
                let wire = &member.node.row.name;
                let name = names::field_name(wire).ok_or_else(|| Error::Row {
                    path: event.file.path.clone(),
                    row: member.node.number,
                    problem: format!("`{wire}` cannot be the name of a Rust field"),
                })?;
                if let Some(first) = taken.insert(name.clone(), wire.clone()) {
                    return Err(Error::SameName {
                        name,
                        first,
                        second: wire.clone(),
                    });
                }
                let ty = self.ty(event, &member.shape, names)?;
                Ok(Field {
                    wire: wire.clone(),
                    name,
                    ty,
                    facts: facts(member),
                })
            })
            .collect()
    }

    /// The type of a shape; a struct that it needs is added.
    fn ty(
        &mut self,
        event: &ShapedEvent<'_>,
        shape: &Shape<'_>,
        names: &StructNames,
    ) -> Result<Type> {
        Ok(match shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::List(item) => Type::List(Box::new(self.ty(event, item, names)?)),
            Shape::Object(object) => {
                let name = names.of(event, object);
                let fields = self.fields(event, object, names)?;
                if let Some(known) = self.0.get_mut(&name) {
                    agree(&mut known.fields, &fields);
                } else {
                    let documented = object.documented.map(str::to_owned);
                    let new = Struct {
                        name: name.clone(),
                        payload_of: None,
                        documented,
                        fields,
                    };
                    self.0.insert(name.clone(), new);
                }
                Type::Struct(name)
            }
        })
    }

    fn finish(self) -> Vec<Struct> {
        self.0.into_values().collect()
    }
}

fn facts(member: &Member<'_>) -> FieldFacts {
    let row = member.node.row;
    FieldFacts {
        documented_type: row.type_name.clone(),
        values: row.values.clone(),
        scopes: row.scopes.clone(),
        len: (row.min_len, row.max_len),
        range: (row.min.clone(), row.max.clone()),
    }
}

/// Keeps of the facts of a shared struct's fields what all its users say.
fn agree(known: &mut [Field], other: &[Field]) {
    for (known, other) in known.iter_mut().zip(other) {
        let (known, other) = (&mut known.facts, &other.facts);
        for (value, label) in &other.values.0 {
            if !known.values.contains(value) {
                known.values.0.push((value.clone(), label.clone()));
            }
        }
        if known.scopes != other.scopes {
            known.scopes.clear();
        }
        if known.len != other.len {
            known.len = (None, None);
        }
        if known.range != other.range {
            known.range = (None, None);
        }
    }
}
