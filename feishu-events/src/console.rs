//! What handlers need in the developer console, and why a field is absent.

mod duplicates;
pub(crate) mod explain;
pub(crate) mod fields;
pub(crate) mod manifest;
mod min_scopes;
mod text;
