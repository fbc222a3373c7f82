//! Commands that are programs of their own, because of what they need to be built.

use std::env;
use std::env::consts::EXE_SUFFIX;
use std::process::{Command, ExitCode};

use clap::Args;
use miette::{IntoDiagnostic, Result};

/// The arguments of such a command, as they are: the program knows them.
#[derive(Debug, Args)]
pub struct ProgramArgs {
    /// See `--help` of the command
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub args: Vec<String>,
}

/// Builds and runs the workspace's `package`; gives the exit code: 2 if it was called wrongly, 1 if it
/// says that something is wrong.
///
/// # Errors
/// Cargo cannot be run.
pub(crate) fn run(package: &str, args: &ProgramArgs) -> Result<ExitCode> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.arg("run");
    if is_built(package) {
        command.arg("--quiet");
    } else {
        eprintln!(
            "{package} is built first, which takes a minute or more; the next time it is there"
        );
    }
    let status = command
        .args(["--package", package, "--"])
        .args(&args.args)
        .status()
        .into_diagnostic()?;
    Ok(match status.code() {
        Some(0) => ExitCode::SUCCESS,
        Some(2) => ExitCode::from(2),
        _ => ExitCode::FAILURE,
    })
}

/// Whether `package` was built before: its program then lies beside this one.
fn is_built(package: &str) -> bool {
    let this = env::current_exe();
    this.is_ok_and(|this| {
        this.with_file_name(format!("{package}{EXE_SUFFIX}"))
            .exists()
    })
}
