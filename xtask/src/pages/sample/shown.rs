//! The types that a sample's values show, spelled as the documentation spells types.

use std::fmt;

use super::{Data, Value};

/// The type that a value shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    String,
    Int,
    Float,
    Boolean,
    Object,
    Array(ArrayOf),
}

/// What an array holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ArrayOf {
    Nothing,
    One(Box<Shown>),
    Several,
}

impl Shown {
    /// The type that `value` shows; `null` and words without quotes show none.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match &value.data {
            Data::Null | Data::Words(_) => return None,
            Data::Bool(_) => Self::Boolean,
            Data::Number(number) if number.contains(['.', 'e', 'E']) => Self::Float,
            Data::Number(_) => Self::Int,
            Data::String(_) => Self::String,
            Data::Object(_) => Self::Object,
            Data::Array(elements) => Self::Array(array_of(elements)),
        })
    }

    /// The one type for both, if there is one.
    fn joined(self, other: Self) -> Option<Self> {
        match (self, other) {
            (one, other) if one == other => Some(one),
            (Self::Int, Self::Float) | (Self::Float, Self::Int) => Some(Self::Float),
            (Self::Array(ArrayOf::Nothing), array @ Self::Array(_))
            | (array @ Self::Array(_), Self::Array(ArrayOf::Nothing)) => Some(array),
            (Self::Array(_), Self::Array(_)) => Some(Self::Array(ArrayOf::Several)),
            _ => None,
        }
    }
}

fn array_of(elements: &[Value]) -> ArrayOf {
    let mut shown = elements.iter().filter_map(Shown::of);
    let Some(first) = shown.next() else {
        return ArrayOf::Nothing;
    };
    match shown.try_fold(first, Shown::joined) {
        Some(one) => ArrayOf::One(Box::new(one)),
        None => ArrayOf::Several,
    }
}

/// The one type that all `values` show, if there is one.
pub(crate) fn shown_type(values: &[&Value]) -> Option<String> {
    let mut shown = values.iter().filter_map(|value| Shown::of(value));
    let first = shown.next()?;
    Some(shown.try_fold(first, Shown::joined)?.to_string())
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Boolean => f.write_str("boolean"),
            Self::Object => f.write_str("object"),
            Self::Array(ArrayOf::One(element)) if !matches!(**element, Self::Array(_)) => {
                write!(f, "{element}[]")
            }
            Self::Array(_) => f.write_str("array"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::sample::parse;

    #[test]
    fn types_are_spelled_as_in_the_docs() {
        for (text, shown) in [
            ("\"a\"", Some("string")),
            ("1", Some("int")),
            ("1.5", Some("float")),
            ("true", Some("boolean")),
            ("{}", Some("object")),
            ("[]", Some("array")),
            ("[1, 2.5, null]", Some("float[]")),
            ("[{}, {}]", Some("object[]")),
            ("[1, \"a\"]", Some("array")),
            ("[[1]]", Some("array")),
            ("null", None),
            ("某个数", None),
        ] {
            let sample = parse(text, 0).unwrap();
            assert_eq!(shown_type(&[&sample.value]).as_deref(), shown, "{text}");
        }
    }
}
