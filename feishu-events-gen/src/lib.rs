//! Schemas of Feishu (Lark) events, and the Rust code that is generated from them.
//!
//! Data flows one way: [`schema`] → `tree` → [`model`] → `emit` → [`output`].

pub mod emit;
pub mod error;
pub mod model;
mod names;
pub mod output;
pub mod resolve;
pub mod schema;
pub mod schema_set;
mod tree;

pub use error::{Error, Result};
pub use resolve::resolve;
pub use schema_set::SchemaSet;
