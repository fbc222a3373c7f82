//! `cargo xtask send`: an event as the platform sends it, to any URL.

use std::process::Command;

use clap::Args;
use miette::{IntoDiagnostic, Result};

/// The arguments of `send`, as they are: another program knows them.
#[derive(Debug, Args)]
pub struct SendArgs {
    /// See `cargo xtask send --help`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// Runs the command; false if what was sent was not acknowledged.
///
/// It builds and runs a program of its own: this one makes the types of events, and must not need
/// them.
///
/// # Errors
/// Cargo cannot be run.
pub fn run(args: &SendArgs) -> Result<bool> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package", "xtask-send", "--"])
        .args(&args.args)
        .status()
        .into_diagnostic()?;
    if status.code() == Some(2) {
        std::process::exit(2);
    }
    Ok(status.success())
}
