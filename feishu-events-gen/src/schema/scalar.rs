//! Scalar types, in all spellings of the documentation.

/// A type whose values have no fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Text.
    String,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
}

impl Scalar {
    /// The scalar that a page means by `type_name`, if any; a list is not a scalar.
    pub fn documented(type_name: &str) -> Option<Self> {
        Some(match type_name.to_ascii_lowercase().as_str() {
            "string" => Self::String,
            "int" | "int32" | "int64" | "integer" | "long" => Self::Int,
            "float" | "double" | "number" => Self::Float,
            "bool" | "boolean" => Self::Bool,
            _ => return None,
        })
    }
}
