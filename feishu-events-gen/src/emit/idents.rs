//! Names as identifiers.

use proc_macro2::{Ident, Span};

use crate::model::Field;

/// The name of a type or variant.
pub(super) fn type_ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The name of a field.
pub(super) fn field_ident(field: &Field) -> Ident {
    any_ident(&field.name)
}

/// A name that may be raw.
pub(super) fn any_ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}
