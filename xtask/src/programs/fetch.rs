//! `cargo xtask fetch`: the portal's documentation pages, as files.

use std::path::PathBuf;
use std::process::ExitCode;

use miette::Result;
use serde::Deserialize;

use crate::programs::run::{Program, ProgramArgs, run as run_program};

/// Runs the command; gives its exit code, 1 if pages are missing at the end.
///
/// It is a program of its own: its HTTP client takes long to build, and nothing else here needs one.
///
/// # Errors
/// Cargo cannot be run.
pub fn run(args: &ProgramArgs) -> Result<ExitCode> {
    let program = Program {
        package: "xtask-fetch",
        binary: "xtask-fetch",
        command: None,
    };
    run_program(&program, args)
}

/// What `regen` needs of the report of `fetch`.
///
/// `xtask-fetch` writes it, in its `summary.rs`; a test over there reads real reports as this.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// Pages that left the portal's directory, and whose files stay.
    pub gone: Vec<Filed>,
    /// Pages that only point to others now.
    pub elsewhere: Vec<Pointer>,
    /// Pages that are not fetched any more, because nothing says that they describe events.
    pub unwanted: Vec<Filed>,
    /// Pages that could not be fetched.
    pub failed: Vec<Failed>,
    /// The paths of pages that were not asked for, because the portal was given up.
    pub not_tried: Vec<String>,
}

/// A page with a file.
#[derive(Debug, Deserialize)]
pub struct Filed {
    /// The file, below the folder of the pages or with it.
    pub file: PathBuf,
}

/// A page that only points to another.
#[derive(Debug, Deserialize)]
pub struct Pointer {
    /// What was fetched of it when it had a text.
    pub file: Option<PathBuf>,
}

/// A page that could not be fetched.
#[derive(Debug, Deserialize)]
pub struct Failed {
    /// Its path on the portal.
    pub path: String,
    /// Whether it will fail the next time too.
    pub lasting: bool,
    /// Whether the portal says that there is no such page.
    pub absent: bool,
}
