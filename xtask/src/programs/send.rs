//! `cargo xtask send`: the same as `feishu-events send`.

use std::process::ExitCode;

use miette::Result;

use crate::programs::run::{Program, ProgramArgs, run as run_program};

/// Runs the command; gives its exit code, 1 if what was sent was not acknowledged.
///
/// It is a program of its own: this one makes the types of events, and must not need them.
/// `feishu-events-cli` has it.
///
/// # Errors
/// Cargo cannot be run.
pub fn run(args: &ProgramArgs) -> Result<ExitCode> {
    let program = Program {
        package: "feishu-events-cli",
        binary: "feishu-events",
        command: Some("send"),
    };
    run_program(&program, args)
}
