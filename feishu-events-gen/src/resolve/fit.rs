//! Whether two objects can share a type, with all fields of both.

use super::shape::{ObjectShape, Shape};
use crate::model::Type;

/// The path of the first field that has incompatible types in the two objects.
///
/// A scalar is incompatible with an object, and a single value with a list; other types are compatible.
/// A field that only one of the objects has does not contradict anything.
pub(super) fn contradiction(a: &ObjectShape<'_>, b: &ObjectShape<'_>) -> Option<String> {
    a.members.iter().find_map(|member| {
        let name = &member.node.row.name;
        let other = b
            .members
            .iter()
            .find(|other| other.node.row.name == *name)?;
        let inner = shapes(&member.shape, &other.shape)?;
        Some(match inner.as_str() {
            "" => name.clone(),
            inner => format!("{name}.{inner}"),
        })
    })
}

fn shapes(a: &Shape<'_>, b: &Shape<'_>) -> Option<String> {
    match (a, b) {
        (Shape::Object(a), Shape::Object(b)) => contradiction(a, b),
        (Shape::List(a), Shape::List(b)) => shapes(a, b),
        (Shape::Plain(a), Shape::Plain(b)) if joined(a, b).is_some() => None,
        // An object without documented members can be anything.
        (Shape::Plain(Type::Json), _) | (_, Shape::Plain(Type::Json)) => None,
        _ => Some(String::new()),
    }
}

/// The type as which values of both types can be read, if there is one.
pub(super) fn joined(a: &Type, b: &Type) -> Option<Type> {
    let scalar = |ty: &Type| matches!(ty, Type::String | Type::Int | Type::Float | Type::Bool);
    match (a, b) {
        (a, b) if a == b => Some(a.clone()),
        (Type::List(a), Type::List(b)) => Some(Type::List(Box::new(joined(a, b)?))),
        (Type::Map(a), Type::Map(b)) => Some(Type::Map(Box::new(joined(a, b)?))),
        // A value that arrives in several forms in one place may do so in the other.
        (Type::Mixed, _) | (_, Type::Mixed) => Some(Type::Mixed),
        (Type::PersonId, Type::String | Type::UserId)
        | (Type::String | Type::UserId, Type::PersonId) => Some(Type::PersonId),
        // A documented type is more specific than any JSON.
        (Type::Json, other) | (other, Type::Json) => Some(other.clone()),
        // An open enum can hold every value.
        (Type::Enum(_), other) if scalar(other) => Some(a.clone()),
        (other, Type::Enum(_)) if scalar(other) => Some(b.clone()),
        (Type::Int, Type::Float) | (Type::Float, Type::Int) => Some(Type::Float),
        (a, b) if scalar(a) && scalar(b) => Some(Type::String),
        _ => None,
    }
}
