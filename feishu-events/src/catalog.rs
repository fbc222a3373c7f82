//! Which events exist, and what the documentation says about each: name, scopes, app types, page.

pub(crate) mod access;
mod all_names;
pub(crate) mod by_name;
pub(crate) mod event_type;
pub(crate) mod portal;
pub(crate) mod protocol;
