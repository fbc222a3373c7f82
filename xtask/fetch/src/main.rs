//! `cargo xtask fetch`: downloads the portal's documentation pages.
//!
//! It is a separate program, because an HTTP client takes long to build and the other commands need
//! none. A run: the portal's directory ([`directory`]) → pages that the folder lacks ([`folder`]) →
//! answers of the detail API ([`portal`], [`answer`]), with retries ([`patience`]) → files
//! ([`page_file`]) → the report ([`summary`]).

use std::process::ExitCode;

use clap::Parser;

mod answer;
mod args;
mod client;
mod directory;
mod fault;
mod folder;
mod host;
mod page_file;
mod patience;
mod portal;
mod run;
mod summary;

/// Exit codes: 0 complete, 1 incomplete, 2 wrong usage.
fn main() -> ExitCode {
    let args = args::Args::parse();
    match run::run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
