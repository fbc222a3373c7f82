//! The commands of this project: `cargo xtask …`.
//!
//! `fetch` downloads documentation pages, [`scrape`] reads them ([`pages`] reads one), and its
//! `guard` refuses to write schemas that lose facts. [`generate`] turns schemas into Rust, [`diff`]
//! compares two sets of schemas, and [`regen`] runs all of it. [`learn`] proposes what running apps
//! have seen.

pub mod bench;
pub mod bench_build;
pub mod catalogue;
pub mod cli;
pub mod diff;
pub mod export;
pub mod generate;
pub mod learn;
pub mod names;
pub mod pages;
pub mod programs;
pub mod regen;
pub mod scrape;
#[cfg(test)]
mod tests;
pub mod tidy;
