//! Cell → the facts it states: scopes, values, rules.
//!
//! The sentences around them belong to their authors and stay on the page.

mod label;
mod rules;
mod scope_names;
mod scopes;
mod values;

pub(crate) use label::label;
pub(crate) use rules::{Rules, rules};
pub(crate) use scope_names::{scope_names, scopes_with_names};
pub(crate) use scopes::{Scope, listed_scopes, names, scopes, written_scopes};
pub(crate) use values::{noted_values, unmarked_values, values};
