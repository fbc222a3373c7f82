//! The commands of this project: `cargo xtask …`.
//!
//! [`fetch`] gets documentation pages, `scrape` reads them. A page flows one way: bytes → text ([`decode`]) → parts
//! (`page`) → rows (`dialect`) → nesting (`levels`) → checked against the page's own sample
//! (`crosscheck`) → [`EventSchema`](feishu_events_gen::schema::EventSchema) ([`read`]); before it is
//! written, the `guard` looks whether anything would be lost. [`generate`] makes Rust of the schemas,
//! [`diff`] says what two sets of them say differently, and [`regen`] does all of it.

pub mod decode;
pub mod finding;
pub mod levels;
pub mod read;
pub mod source;

mod crosscheck;
mod dialect;
mod facts;
mod guard;

mod coverage;
mod page;
mod protocol;
mod sample;
mod sdk_names;
#[cfg(test)]
mod tests;

pub mod bench;
pub mod bench_build;
pub mod cli;
pub mod diff;
pub mod fetch;
pub mod generate;
pub mod names;
pub mod program;
pub mod regen;
pub mod scrape;
pub mod send;
