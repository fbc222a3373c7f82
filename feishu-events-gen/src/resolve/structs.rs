//! The structs of one service, and the enums of their fields.

use std::collections::BTreeMap;

use super::enums::Enums;
use super::naming::StructNames;
use super::shape::{Member, ObjectShape, Shape};
use super::{ShapedEvent, merge};
use crate::error::{Error, Result};
use crate::model::{Field, FieldFacts, Service, Struct, Type};
use crate::names;
use crate::overlay::Overlay;

/// The types of one service, as they are found.
pub(super) struct Types<'a> {
    service: &'a str,
    overlay: &'a Overlay,
    structs: BTreeMap<String, Struct>,
    enums: Enums<'a>,
}

impl<'a> Types<'a> {
    pub(super) fn new(service: &'a str, overlay: &'a Overlay) -> Self {
        Self {
            service,
            overlay,
            structs: BTreeMap::new(),
            enums: Enums::new(service, overlay),
        }
    }

    /// Adds the struct of an event's payload, and those in it.
    pub(super) fn add_payload(
        &mut self,
        event: &ShapedEvent<'_>,
        names: &StructNames<'_>,
    ) -> Result<()> {
        let fields = self.fields(event, &event.shape, &event.payload_name, names)?;
        let payload = Struct {
            name: event.payload_name.clone(),
            payload_of: Some(event.file.schema.event_type.clone()),
            documented: None,
            doc: self.overlay.event(self.service, event.file.rest()),
            fields,
        };
        self.structs.insert(event.payload_name.clone(), payload);
        Ok(())
    }

    fn fields(
        &mut self,
        event: &ShapedEvent<'_>,
        object: &ObjectShape<'_>,
        owner: &str,
        names: &StructNames<'_>,
    ) -> Result<Vec<Field>> {
        let mut taken = BTreeMap::new();
        let mut fields = Vec::new();
        for member in &object.members {
            let wire = &member.node.row.name;
            let name = names::field_name(wire).ok_or_else(|| Error::Row {
                path: event.file.path.clone(),
                row: member.node.number,
                problem: format!("`{wire}` cannot be the name of a Rust field"),
            })?;
            if let Some(first) = taken.insert(name.clone(), wire.clone()) {
                return Err(Error::Row {
                    path: event.file.path.clone(),
                    row: member.node.number,
                    problem: format!("`{first}` and `{wire}` would both be named `{name}`"),
                });
            }
            fields.push(self.field(event, member, (owner, name), names)?);
        }
        Ok(fields)
    }

    fn field(
        &mut self,
        event: &ShapedEvent<'_>,
        member: &Member<'_>,
        (owner, name): (&str, String),
        names: &StructNames<'_>,
    ) -> Result<Field> {
        let row = member.node.row;
        let listed = !row.values.is_empty();
        let note = self.overlay.field(self.service, owner, &row.name, listed);
        let mut ty = self.ty(event, &member.shape, note.doc.as_ref(), names)?;
        if let Some(enum_name) = note.enum_name {
            self.enums.see(&enum_name, &mut ty, &row.values)?;
        }
        let is_scalar = matches!(ty, Type::String | Type::Int);
        Ok(Field {
            wire: row.name.clone(),
            name,
            ty,
            doc: note.doc,
            is_time: note.is_time && is_scalar,
            facts: facts(member),
        })
    }

    /// The type of a shape; a struct that it needs is added.
    fn ty(
        &mut self,
        event: &ShapedEvent<'_>,
        shape: &Shape<'_>,
        field_doc: Option<&String>,
        names: &StructNames<'_>,
    ) -> Result<Type> {
        Ok(match shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::List(item) => Type::List(Box::new(self.ty(event, item, field_doc, names)?)),
            Shape::Object(object) => {
                let name = names.of(event, object);
                let fields = self.fields(event, object, &name, names)?;
                if let Some(known) = self.structs.get_mut(&name) {
                    merge::merge(known, fields, self.service)?;
                } else {
                    let doc = self.overlay.type_doc(self.service, &name);
                    let new = Struct {
                        name: name.clone(),
                        payload_of: None,
                        documented: object.documented.map(str::to_owned),
                        doc: doc.or_else(|| field_doc.cloned()),
                        fields,
                    };
                    self.structs.insert(name.clone(), new);
                }
                Type::Struct(name)
            }
        })
    }

    /// The service, complete.
    pub(super) fn finish(self) -> Result<Service> {
        let enums = self.enums.finish(&self.structs)?;
        let docs = self.overlay.docs.get(self.service);
        Ok(Service {
            name: self.service.to_owned(),
            doc: docs.map(|docs| docs.service.clone()),
            structs: self.structs.into_values().collect(),
            enums,
        })
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
        description: row.description.clone(),
    }
}
