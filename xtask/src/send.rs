//! `cargo xtask send`: an event as the platform sends it, to any URL.

use std::process::ExitCode;

use miette::Result;

use crate::program::{self, ProgramArgs};

/// Runs the command; gives its exit code, 1 if what was sent was not acknowledged.
///
/// It is a program of its own: this one makes the types of events, and must not need them.
///
/// # Errors
/// Cargo cannot be run.
pub fn run(args: &ProgramArgs) -> Result<ExitCode> {
    program::run("xtask-send", args)
}
