//! The objects that contain exactly a user's ids, for which the library has the type `UserId`.

use std::collections::BTreeSet;

use super::groups::{Groups, name_of};
use super::places::Place;
use super::shape::{ObjectShape, Shape};
use crate::model::Type;

/// The library's type. The overlay can give this name to objects that have other members too.
pub(super) const NAME: &str = "UserId";

const IDS: [&str; 3] = ["open_id", "union_id", "user_id"];

/// The keys of the types whose objects together have the three ids of a user and nothing else.
pub(super) fn keys<'a>(places: &[Place<'_>], groups: &'a Groups) -> BTreeSet<&'a str> {
    let groups = groups.members.iter();
    let found = groups.filter(|(key, members)| {
        let mut members = members.iter().map(|index| &places[*index]);
        name_of(key) == Some(NAME)
            || (members.clone().all(|place| place.field.is_some())
                && are_ids(members.by_ref().map(|place| place.object)))
    });
    found.map(|(key, _)| key.as_str()).collect()
}

/// Whether these objects together have the three ids of a user and nothing else.
pub(super) fn are_ids<'p, 'a: 'p>(mut objects: impl Iterator<Item = &'p ObjectShape<'a>>) -> bool {
    let mut seen = BTreeSet::new();
    let only_ids = objects.all(|object| {
        object.members.iter().all(|member| {
            let name = member.node.row.name.as_str();
            seen.insert(name);
            IDS.contains(&name) && matches!(member.shape, Shape::Plain(Type::String))
        })
    });
    only_ids && seen.len() == IDS.len()
}
