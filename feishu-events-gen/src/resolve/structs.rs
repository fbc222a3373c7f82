//! The structs of one service, and the enums of their fields.

use std::collections::{BTreeMap, BTreeSet};

use super::enums::Enums;
use super::groups::Groups;
use super::naming::StructNames;
use super::places::Place;
use super::shape::{Member, Shape};
use super::{merge, user_ids};
use crate::error::{Error, Result};
use crate::model::{Field, FieldFacts, Service, Struct, Type};
use crate::names;
use crate::overlay::Overlay;

/// The types of one service, as they are found.
pub(super) struct Types<'a> {
    service: &'a str,
    overlay: &'a Overlay,
    places: &'a [Place<'a>],
    groups: &'a Groups,
    names: &'a StructNames,
    /// The keys of the types that are the library's own.
    user_ids: BTreeSet<&'a str>,
    structs: BTreeMap<String, Struct>,
    enums: Enums<'a>,
}

impl<'a> Types<'a> {
    pub(super) fn new(
        service: &'a str,
        overlay: &'a Overlay,
        places: &'a [Place<'a>],
        groups: &'a Groups,
        names: &'a StructNames,
    ) -> Self {
        Self {
            service,
            overlay,
            places,
            groups,
            names,
            user_ids: user_ids::keys(places, groups),
            structs: BTreeMap::new(),
            enums: Enums::new(service, overlay),
        }
    }

    /// Adds the struct of the object at a place, and those in it.
    pub(super) fn add(&mut self, index: usize, field_doc: Option<&String>) -> Result<Type> {
        let key = self.groups.keys[index].as_str();
        if self.user_ids.contains(key) {
            return Ok(Type::UserId);
        }
        let place = &self.places[index];
        let name = self.names.of(key).to_owned();
        let fields = self.fields(place, &name)?;
        if let Some(known) = self.structs.get_mut(&name) {
            merge::merge(known, fields);
            return Ok(Type::Struct(name));
        }
        let schema = &place.event.file.schema;
        let payload_of = place.field.is_none().then(|| schema.event_type.clone());
        let doc = if payload_of.is_some() {
            self.overlay.event(self.service, place.event.file.rest())
        } else {
            let doc = self.overlay.type_doc(self.service, &name);
            doc.or_else(|| field_doc.cloned())
        };
        let new = Struct {
            name: name.clone(),
            payload_of,
            documented: place.object.documented.map(str::to_owned),
            doc,
            fields,
        };
        self.structs.insert(name.clone(), new);
        Ok(Type::Struct(name))
    }

    fn fields(&mut self, place: &'a Place<'a>, owner: &str) -> Result<Vec<Field>> {
        let path = &place.event.file.path;
        let mut taken = BTreeMap::new();
        let mut fields = Vec::new();
        for member in &place.object.members {
            let wire = &member.node.row.name;
            let problem = |problem| Error::Row {
                path: path.clone(),
                row: member.node.number,
                problem,
            };
            let name = names::field_name(wire)
                .ok_or_else(|| problem(format!("`{wire}` cannot be the name of a Rust field")))?;
            if let Some(first) = taken.insert(name.clone(), wire.clone()) {
                return Err(problem(format!(
                    "`{first}` and `{wire}` would both be named `{name}`"
                )));
            }
            fields.push(self.field(place, member, owner, name)?);
        }
        Ok(fields)
    }

    fn field(
        &mut self,
        place: &'a Place<'a>,
        member: &Member<'_>,
        owner: &str,
        name: String,
    ) -> Result<Field> {
        let row = member.node.row;
        let listed = !row.values.is_empty();
        let note = self.overlay.field(self.service, owner, &row.name, listed);
        let mut ty = self.ty(place, &row.name, &member.shape, note.doc.as_ref())?;
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

    /// The type of a shape, found in the field of a place; a struct that it needs is added.
    fn ty(
        &mut self,
        place: &'a Place<'a>,
        field: &str,
        shape: &Shape<'_>,
        field_doc: Option<&String>,
    ) -> Result<Type> {
        Ok(match shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::List(item) => Type::List(Box::new(self.ty(place, field, item, field_doc)?)),
            Shape::Object(_) => match place.inner.get(field) {
                Some(index) => self.add(*index, field_doc)?,
                None => Type::Json,
            },
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
