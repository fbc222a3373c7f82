//! Schemas of Feishu (Lark) events, and the Rust code that is generated from them.
//!
//! Users of [`feishu-events`](https://docs.rs/feishu-events) already have the types of the documented
//! events and does not need this crate. It is for events that no page documents, or that you know
//! more of: write a schema of them, and a build script makes types like the others.
//!
//! # In a build script
//!
//! In `Cargo.toml`, this crate stands below `[build-dependencies]`, with exactly the version that
//! `feishu-events` has (`"=…"` for both): what is generated calls hidden parts of that crate, which
//! change without notice. The script names the folder of the schemas:
//!
//! ```no_run
//! // build.rs
//! fn main() -> feishu_events_gen::Result<()> {
//!     feishu_events_gen::build("schemas")
//! }
//! ```
//!
//! In the folder lies one file an event, `<service>/<rest of the event's name>.json`; this one is
//! `schemas/acme/lamp.lit_v1.json`:
//!
//! ```
//! # let json = r#"
//! {
//!   "event_type": "acme.lamp.lit_v1",
//!   "title": "Lamp lit",
//!   "protocol": "2.0",
//!   "document": null,
//!   "fields": [
//!     { "level": 0, "name": "event", "type": "object" },
//!     { "level": 1, "name": "lamp", "type": "lamp" },
//!     { "level": 2, "name": "oil", "type": "int" }
//!   ]
//! }
//! # "#;
//! # let schema = feishu_events_gen::schema::EventSchema::from_json(json)?;
//! # let mut sources = feishu_events_gen::Sources::default();
//! # let path = "schemas/acme/lamp.lit_v1.json".into();
//! # let service = "acme".to_owned();
//! # let file = feishu_events_gen::schema_set::SchemaFile { service, path, schema };
//! # sources.schemas.insert(file)?;
//! # assert_eq!(sources.model()?.services[0].structs[0].name, "LampLitV1");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`schema::EventSchema`] says what else a schema can tell, [`overlay`] what may lie beside the
//! schemas: names of types, docs, names of values. The crate includes the result, and
//! `#[feishu_handler]` takes its types:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/feishu_events.rs"));
//!
//! #[feishu_handler("acme.lamp.lit_v1", payload = acme::LampLitV1)]
//! async fn on_lamp_lit(lit: acme::LampLitV1) -> Result<(), HandlerError> {
//!     Ok(())
//! }
//! ```
//!
//! `examples/own-events` is all of it, as a crate.
//!
//! # How it works
//!
//! Data flows one way: [`schema`] → `tree` → [`model`] → `emit` → [`output`].

mod build_script;
#[doc(hidden)] // of this project; who uses the crate calls `build` or `generate`
pub mod emit;
pub mod error;
mod files;
pub mod model;
#[doc(hidden)] // of this project
pub mod names;
pub mod output;
pub mod overlay;
pub mod resolve;
pub mod schema;
pub mod schema_set;
mod sources;
mod tree;
#[doc(hidden)] // of this project
pub mod unwritten;

pub use build_script::{build, generate};
pub use error::{Error, Result};
pub use overlay::Overlay;
pub use resolve::{resolve, suggest_names};
pub use schema_set::SchemaSet;
pub use sources::Sources;
