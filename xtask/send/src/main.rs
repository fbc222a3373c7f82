//! `cargo xtask send`: an event as the platform sends it, to any URL.
//!
//! It is a program of its own, because xtask must be built before there are any types of events:
//! it makes them.

use std::process::ExitCode;

use clap::Parser;

mod args;
mod content;
mod event_table;
// The macros suggest names by the same ranking, and a crate of macros can't export a function.
#[allow(dead_code)] // patterns are only the macros'
#[path = "../../../feishu-events-macros/src/nearest.rs"]
mod nearest;
mod paths;
mod send;
mod verdict;

/// Exit codes: 0 acknowledged, 1 not, 2 wrong usage.
fn main() -> ExitCode {
    let args = args::Args::parse();
    match send::run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
