//! `cargo xtask fetch`: downloads the portal's documentation pages.

use std::path::PathBuf;
use std::process::ExitCode;

use miette::Result;
use serde::Deserialize;

use crate::programs::run::{Program, ProgramArgs, run as run_program};

/// Runs the command and returns its exit code, which is 1 if pages are missing.
///
/// It is a separate program, because its HTTP client takes long to build and no other command needs
/// one.
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

/// The part of `fetch`'s report that `regen` reads.
///
/// `xtask-fetch` writes the report in its `summary.rs`; a test there parses real reports as this type.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// Pages that left the portal's directory; their files are kept.
    pub gone: Vec<Filed>,
    /// Pages that only point to others now.
    pub elsewhere: Vec<Pointer>,
    /// Pages that are no longer fetched, because nothing suggests that they describe events.
    pub unwanted: Vec<Filed>,
    /// Pages that could not be fetched.
    pub failed: Vec<Failed>,
    /// The paths of pages that were not requested, because too many others had failed.
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
    /// The file from when the page had a text.
    pub file: Option<PathBuf>,
}

/// A page that could not be fetched.
#[derive(Debug, Deserialize)]
pub struct Failed {
    /// Its path on the portal.
    pub path: String,
    /// Whether the next run will fail too.
    pub lasting: bool,
    /// Whether the portal says that there is no such page.
    pub absent: bool,
}
