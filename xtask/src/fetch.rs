//! `cargo xtask fetch`: the portal's documentation pages, as files.

use std::process::ExitCode;

use miette::Result;

use crate::program::{self, ProgramArgs};

/// Runs the command; gives its exit code, 1 if pages are missing at the end.
///
/// It is a program of its own: its HTTP client takes long to build, and nothing else here needs one.
///
/// # Errors
/// Cargo cannot be run.
pub fn run(args: &ProgramArgs) -> Result<ExitCode> {
    program::run("xtask-fetch", args)
}
