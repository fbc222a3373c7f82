//! One type for several places: all fields that any of them has, and the facts that all share.

use crate::error::{Error, Result};
use crate::model::{Field, Struct, Type};

/// Adds to `known` what another place of the same type has.
///
/// # Errors
/// A field that has another type there: the places cannot share a type.
pub(super) fn merge(known: &mut Struct, fields: Vec<Field>, service: &str) -> Result<()> {
    for field in fields {
        let Some(same) = known.fields.iter_mut().find(|f| f.wire == field.wire) else {
            known.fields.push(field);
            continue;
        };
        let Some(ty) = joined(&same.ty, &field.ty) else {
            return Err(Error::Disagree {
                file: format!("names/{service}.json"),
                name: known.name.clone(),
                problem: format!(
                    "its field `{}` is {:?} in one place and {:?} in another",
                    field.wire, same.ty, field.ty
                ),
            });
        };
        same.ty = ty;
        agree(same, &field);
    }
    Ok(())
}

/// The type that is both: an enum wins over the scalar of a place that lists no values.
fn joined(a: &Type, b: &Type) -> Option<Type> {
    match (a, b) {
        (Type::List(a), Type::List(b)) => Some(Type::List(Box::new(joined(a, b)?))),
        (Type::Enum(_), Type::Int | Type::String) => Some(a.clone()),
        (Type::Int | Type::String, Type::Enum(_)) => Some(b.clone()),
        _ => (a == b).then(|| a.clone()),
    }
}

/// Keeps of the facts of a shared struct's field what all its places say.
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
    if known.description != other.description {
        known.description = None;
    }
}
