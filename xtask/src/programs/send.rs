//! `cargo xtask send`: an event as the platform sends it, to any URL.

use std::process::ExitCode;

use miette::Result;

use crate::programs::run::{ProgramArgs, run as run_program};

/// Runs the command; gives its exit code, 1 if what was sent was not acknowledged.
///
/// It is a program of its own: this one makes the types of events, and must not need them.
///
/// # Errors
/// Cargo cannot be run.
pub fn run(args: &ProgramArgs) -> Result<ExitCode> {
    run_program("xtask-send", args)
}
