//! From an event to the function that handles it, and to that function's reply.

pub(crate) mod argument;
pub(crate) mod by_type;
pub(crate) mod catch_panic;
pub(crate) mod content;
pub(crate) mod context;
pub(crate) mod dispatcher;
mod feature_gates;
pub(crate) mod for_editors;
#[cfg(feature = "tower")]
pub(crate) mod layer;
pub(crate) mod merge;
#[cfg(feature = "drift")]
mod observed;
pub(crate) mod registered;
pub(crate) mod reply;
pub(crate) mod routes;
pub(crate) mod undecoded;
