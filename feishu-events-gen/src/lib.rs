//! Schemas of Feishu (Lark) events, and the Rust code that is generated from them.
//!
//! Users of [`feishu-events`](https://docs.rs/feishu-events) already have the types of the documented
//! events and do not need this crate. It is for events that no page documents: write a schema for
//! each, and a build script generates types like the others.
//!
//! # In a build script
//!
//! In `Cargo.toml`, add this crate to `[build-dependencies]`, in exactly the same version as
//! `feishu-events` (`"=…"` for both): the generated code calls hidden parts of that crate, which
//! change without notice. The script names the folder of the schemas:
//!
//! ```no_run
//! // build.rs
//! fn main() -> feishu_events_gen::Result<()> {
//!     feishu_events_gen::build("schemas")
//! }
//! ```
//!
//! The folder has one file per event, `<service>/<rest of the event's name>.json`; this one is
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
//!     { "level": 2, "name": "oil", "type": "int", "values": { "0": "empty", "1": "full" } }
//!   ]
//! }
//! # "#;
//! # let folder = std::env::temp_dir().join(format!("feishu-events-gen-{}", std::process::id()));
//! # std::fs::create_dir_all(folder.join("acme"))?;
//! # std::fs::write(folder.join("acme/lamp.lit_v1.json"), json)?;
//! # let types = feishu_events_gen::generate(&folder)?;
//! # std::fs::remove_dir_all(&folder)?;
//! # assert!(types.contains("pub struct LampLitV1"), "{types}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Further keys of the schema: `"kind": "callback"` for an event that is answered,
//! `"app_types"` (`"custom"`, `"isv"`), `"scopes"` (any one of them lets an app subscribe) and
//! `"field_scopes"`. Keys of a row:
//!
//! | key | meaning |
//! | --- | --- |
//! | `level` | the nesting: 0 beside the envelope's `event`, 1 for the fields of the event |
//! | `name` | the field's name on the wire |
//! | `type` | `string`, `int`, `float`, `boolean`, `object`, `user_id`, `map<string, int>`, `json`, a name of your own for an object; `…[]` for a list |
//! | `values` | the listed values and their labels; the type becomes an open enum |
//! | `scopes` | scopes; any one of them makes the field appear |
//! | `min`, `max`, `min_len`, `max_len` | documented bounds |
//!
//! `schemas/overlay/` can contain names for types, docs, names of values and corrections; the crate
//! `examples/own-events` shows them.
//!
//! The crate includes the result, and `#[feishu_handler]` takes its types:
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
//! `examples/own-events` is a complete crate.
//!
//! # How it works
//!
//! Data flows one way: `schema` → `tree` → `model` → `emit` → `output`.

#![cfg_attr(
    not(feature = "internals"),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        reason = "the tools of this project use more than build scripts do"
    )
)]

mod build_script;
mod emit;
mod error;
mod files;
mod model;
mod names;
mod output;
mod overlay;
mod resolve;
mod schema;
mod schema_set;
mod sources;
mod tree;
mod unwritten;

pub use build_script::{Builder, build, generate};
pub use error::{Error, Result};

/// What the tools of this project use. It changes without notice, in patch releases too.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals {
    pub use crate::overlay::Overlay;
    pub use crate::resolve::{resolve, suggest_names};
    pub use crate::schema_set::SchemaSet;
    pub use crate::sources::Sources;

    pub mod emit {
        pub use crate::emit::users::users_file;
        pub use crate::emit::{Layout, emit};
    }
    pub mod model {
        pub use crate::model::*;
    }
    pub mod names {
        pub use crate::names::*;
    }
    pub mod output {
        pub use crate::output::*;
    }
    pub mod overlay {
        pub use crate::overlay::*;
    }
    pub mod resolve {
        pub use crate::resolve::*;
    }
    pub mod schema {
        pub use crate::schema::*;
    }
    pub mod schema_set {
        pub use crate::schema_set::*;
    }
    pub mod unwritten {
        pub use crate::unwritten::*;
    }
}
