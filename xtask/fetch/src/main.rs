//! `cargo xtask fetch`: the portal's documentation pages, as files.
//!
//! It is a program of its own, because an HTTP client takes long to build and the other commands
//! need none. A run goes one way: the portal's directory ([`directory`]) → what is missing in the
//! folder ([`folder`]) → answers of the detail API ([`portal`], [`answer`]), with patience
//! ([`patience`]) → files ([`page_file`]) → what there is to say ([`summary`]).

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

/// Exit codes: 0 complete, 1 not, 2 wrong usage.
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
