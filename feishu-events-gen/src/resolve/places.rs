//! The places of objects: the payloads of a service's events, and all objects inside them.

use std::collections::BTreeMap;

use super::ShapedEvent;
use super::shape::{ObjectShape, Shape};

/// An object of an event.
pub(super) struct Place<'a> {
    /// `department.updated_v3/object/leaders`; for a payload the event's name alone.
    pub(super) text: String,
    /// The field that holds it; none for a payload.
    pub(super) field: Option<&'a str>,
    /// The event that it is part of.
    pub(super) event: &'a ShapedEvent<'a>,
    /// The object itself.
    pub(super) object: &'a ObjectShape<'a>,
    /// The objects inside it, by field: indices into the list of all places.
    pub(super) inner: BTreeMap<&'a str, usize>,
}

/// The places of these events: those of one event together, an object after the one that contains it.
pub(super) fn places<'a>(events: &[&'a ShapedEvent<'a>]) -> Vec<Place<'a>> {
    let mut all = Vec::new();
    for event in events {
        let payload = Place {
            text: event.file.rest().to_owned(),
            field: None,
            event,
            object: &event.shape,
            inner: BTreeMap::new(),
        };
        add(&mut all, payload);
    }
    all
}

fn add<'a>(all: &mut Vec<Place<'a>>, place: Place<'a>) -> usize {
    let (event, object) = (place.event, place.object);
    let index = all.len();
    all.push(place);
    for member in &object.members {
        let Some(inner) = member.shape.object() else {
            continue;
        };
        let field = member.node.row.name.as_str();
        // If a name is repeated, the first row counts.
        if all[index].inner.contains_key(field) {
            continue;
        }
        let place = Place {
            text: below(&all[index].text, field),
            field: Some(field),
            event,
            object: inner,
            inner: BTreeMap::new(),
        };
        let inner = add(all, place);
        all[index].inner.insert(field, inner);
    }
    index
}

/// The place of a field's object inside another place.
pub(super) fn below(place: &str, field: &str) -> String {
    format!("{place}/{field}")
}

impl<'a> Shape<'a> {
    /// The object that this is, or that it is a list of.
    pub(super) fn object(&self) -> Option<&ObjectShape<'a>> {
        match self {
            Self::Plain(_) => None,
            Self::List(item) => item.object(),
            Self::Object(object) => Some(object),
        }
    }
}
