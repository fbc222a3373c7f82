//! Commands that are programs of their own, because of what they need to be built.

use std::env;
use std::env::consts::EXE_SUFFIX;
use std::process::{Command, ExitCode};

use clap::Args;
use miette::{IntoDiagnostic, Result};

use crate::generate::project_root;

/// The arguments of such a command, as they are: the program knows them.
#[derive(Debug, Args)]
pub struct ProgramArgs {
    /// See `--help` of the command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// A program of the workspace.
pub(crate) struct Program {
    /// The package that has it.
    pub(crate) package: &'static str,
    /// What it is called.
    pub(crate) binary: &'static str,
    /// Its subcommand, if only that is meant.
    pub(crate) command: Option<&'static str>,
}

/// Builds and runs a program of the workspace; gives the exit code: 2 if it was called wrongly, 1 if it
/// says that something is wrong.
///
/// # Errors
/// Cargo cannot be run.
pub(crate) fn run(program: &Program, args: &ProgramArgs) -> Result<ExitCode> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("run");
    let package = program.package;
    if is_built(program.binary) {
        command.arg("--quiet");
    } else {
        eprintln!(
            "{package} is built first, which takes a minute or more; the next time it is there"
        );
    }
    // This command's own workspace: `regen` may be at work in another folder.
    let manifest = project_root().join("Cargo.toml");
    let status = command
        .arg("--manifest-path")
        .arg(manifest)
        .args(["--package", package, "--bin", program.binary, "--"])
        .args(program.command)
        .args(&args.args)
        .status()
        .into_diagnostic()?;
    Ok(match status.code() {
        Some(0) => ExitCode::SUCCESS,
        Some(2) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    })
}

/// Whether a program has been built before, into the same folder as this one.
fn is_built(binary: &str) -> bool {
    let this = env::current_exe();
    this.is_ok_and(|this| {
        this.with_file_name(format!("{binary}{EXE_SUFFIX}"))
            .exists()
    })
}
