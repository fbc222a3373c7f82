//! Schemas of Feishu (Lark) events, and the Rust code that is generated from them.

pub mod schema;
