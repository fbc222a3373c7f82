//! The structs of one service, and the enums of their fields.

use std::collections::{BTreeMap, BTreeSet};

use super::enums::Enums;
use super::groups::Groups;
use super::naming::StructNames;
use super::places::Place;
use super::shape::{Member, Shape};
use super::{merge, user_ids};
use crate::model::{Field, FieldFacts, Service, Struct, Type};
use crate::names::{self, Taken};
use crate::overlay::Overlay;

/// Collects the types of one service.
pub(super) struct Types<'a> {
    service: &'a str,
    overlay: &'a Overlay,
    places: &'a [Place<'a>],
    groups: &'a Groups,
    names: &'a StructNames,
    /// The keys of the types for which the library has `UserId`.
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

    /// The name of the type of the objects with this key.
    pub(super) fn name_of(&self, key: &str) -> &str {
        if self.user_ids.contains(key) {
            user_ids::NAME
        } else {
            self.names.of(key)
        }
    }

    /// Adds the struct of the object at a place, and the structs inside it.
    pub(super) fn add(&mut self, index: usize, field_doc: Option<&String>) -> Type {
        let key = self.groups.keys[index].as_str();
        if self.user_ids.contains(key) {
            return Type::UserId;
        }
        let place = &self.places[index];
        let name = self.names.of(key).to_owned();
        let fields = self.fields(place, &name);
        if let Some(known) = self.structs.get_mut(&name) {
            merge::merge(known, fields);
            return Type::Struct(name);
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
        Type::Struct(name)
    }

    fn fields(&mut self, place: &'a Place<'a>, owner: &str) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for member in &place.object.members {
            // If a name is repeated, the first row counts.
            if !fields
                .iter()
                .any(|field| field.wire == member.node.row.name)
            {
                fields.push(self.field(place, member, owner));
            }
        }
        fields
    }

    fn field(&mut self, place: &'a Place<'a>, member: &Member<'_>, owner: &str) -> Field {
        let row = member.node.row;
        let listed = !row.values.is_empty();
        let note = self.overlay.field(self.service, owner, &row.name, listed);
        let mut ty = self.ty(place, &row.name, &member.shape, note.doc.as_ref());
        if let Some(enum_name) = note.enum_name {
            let at = format!("{owner}.{}", row.name);
            self.enums
                .see(&enum_name, &mut ty, &at, &row.values_in_both());
        }
        let is_scalar = matches!(ty, Type::String | Type::Int);
        Field {
            wire: row.name.clone(),
            name: names::field_name(&row.name),
            ty,
            doc: note.doc,
            is_time: note.is_time && is_scalar,
            facts: facts(member),
        }
    }

    /// The type of a shape in the field of a place; adds the struct that it needs.
    fn ty(
        &mut self,
        place: &'a Place<'a>,
        field: &str,
        shape: &Shape<'_>,
        field_doc: Option<&String>,
    ) -> Type {
        match shape {
            Shape::Plain(ty) => ty.clone(),
            Shape::List(item) => Type::List(Box::new(self.ty(place, field, item, field_doc))),
            Shape::Object(_) => match place.inner.get(field) {
                Some(index) => self.add(*index, field_doc),
                None => Type::Json,
            },
        }
    }

    /// The complete service, and the entries of the overlay that contradict the schemas.
    pub(super) fn finish(mut self) -> (Service, Vec<String>) {
        self.structs.values_mut().for_each(name_apart);
        let (enums, renamed, misfits) = self.enums.finish(&self.structs);
        let fields = self.structs.values_mut().flat_map(|item| &mut item.fields);
        fields.for_each(|field| rename(&mut field.ty, &renamed));
        let docs = self.overlay.docs.get(self.service);
        let service = Service {
            name: self.service.to_owned(),
            module: names::library_module_name(self.service),
            doc: docs.map(|docs| docs.service.clone()),
            structs: self.structs.into_values().collect(),
            enums,
        };
        (service, misfits)
    }
}

fn rename(ty: &mut Type, renamed: &BTreeMap<String, String>) {
    match ty {
        Type::List(item) => rename(item, renamed),
        Type::Enum(name) => {
            if let Some(now) = renamed.get(name) {
                name.clone_from(now);
            }
        }
        _ => {}
    }
}

/// Makes the names of the fields distinct: `leaderID` and `leader_id` would have the same.
fn name_apart(item: &mut Struct) {
    let mut taken = Taken::default();
    let (same, others): (Vec<_>, Vec<_>) = item
        .fields
        .iter_mut()
        .partition(|field| names::unraw(&field.name) == field.wire);
    // Fields whose name is that on the wire keep it.
    for field in same.into_iter().chain(others) {
        field.name = taken.take(&field.name);
    }
}

fn facts(member: &Member<'_>) -> FieldFacts {
    let row = member.node.row;
    FieldFacts {
        documented_type: row.type_name.clone(),
        values: row.values_in_both(),
        scopes: row.scopes.clone(),
        len: (row.min_len, row.max_len),
        range: (row.min.clone(), row.max.clone()),
        known_to: row.known_to.clone(),
        description: row.description.clone(),
    }
}
