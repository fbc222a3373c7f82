//! Commands that are separate programs, because they need an HTTP client or the generated types.

pub mod fetch;
pub mod run;
pub mod send;
