//! Schemas of Feishu (Lark) events, and the Rust code that is generated from them.
//!
//! Data flows one way: [`schema`] → `tree` → [`model`] → `emit` → [`output`].

mod build_script;
pub mod emit;
pub mod error;
pub mod model;
mod names;
pub mod output;
pub mod overlay;
pub mod resolve;
pub mod schema;
pub mod schema_set;
mod sources;
mod tree;

pub use build_script::{build, generate};
pub use error::{Error, Result};
pub use overlay::Overlay;
pub use resolve::{resolve, suggest_names};
pub use schema_set::SchemaSet;
pub use sources::Sources;
