//! Merges the type of several places: all fields of any place, and the facts that all places share.

use super::fit::joined;
use crate::model::{Field, Struct};

/// Adds to `known` the fields of another place with the same type. Places that contradict each other
/// already have different types (see `groups`).
pub(super) fn merge(known: &mut Struct, fields: Vec<Field>) {
    for field in fields {
        let Some(same) = known.fields.iter_mut().find(|f| f.wire == field.wire) else {
            known.fields.push(field);
            continue;
        };
        if let Some(ty) = joined(&same.ty, &field.ty) {
            same.ty = ty;
        }
        agree(same, &field);
    }
}

/// Reduces the facts of a shared struct's field to those that all its places have.
fn agree(known: &mut Field, other: &Field) {
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
    // If a page of one event documents the field, it is documented.
    if known.known_to != other.known_to {
        if known.known_to.is_empty() || other.known_to.is_empty() {
            known.known_to.clear();
        } else {
            known.known_to.extend(other.known_to.clone());
            known.known_to.sort();
            known.known_to.dedup();
        }
    }
    if known.description != other.description {
        known.description = None;
    }
}
