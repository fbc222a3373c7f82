//! `cargo xtask diff`: how two sets of schemas differ, and what that means for users.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::internals::Overlay;
use miette::{IntoDiagnostic, Result};

use crate::generate::project_root;

mod compare;
mod events;
mod git;
mod items;
pub mod markdown;
mod places;
pub mod report;
mod row_changes;
mod rows;
mod scopes;
mod side;

pub use compare::compare;
pub use git::{GitError, tree_id};
pub use report::Report;
pub(crate) use rows::{kept_rows, removed_rows};
pub use side::Side;

/// The options of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// A folder of schemas, or a git revision
    pub old: String,
    /// The folder of schemas or git revision to compare it with
    pub new: String,
    /// Prints JSON
    #[arg(long)]
    pub json: bool,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    pub root: Option<PathBuf>,
}

/// Prints the differences.
///
/// # Errors
/// A name that is neither a folder nor a revision; schemas that can't be read.
pub fn run(args: &DiffArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let report = diff(&args.old, &args.new, &root)?;
    let text = if args.json {
        json(&report)?
    } else {
        markdown::page(&report)
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .into_diagnostic()?;
    Ok(true)
}

/// The differences between two sides, each a folder or a revision of the project at `root`.
///
/// # Errors
/// A name that is neither a folder nor a revision; schemas that can't be read.
pub fn diff(old: &str, new: &str, root: &Path) -> Result<Report> {
    let (old, new) = (Side::read(old, root)?, Side::read(new, root)?);
    let names = if old.overlay.is_none() && new.overlay.is_none() {
        Overlay::load(&root.join("schemas/overlay")).into_diagnostic()?
    } else {
        Overlay::default()
    };
    Ok(compare(&old, &new, &names))
}

/// The report as JSON.
///
/// # Errors
/// None is known: everything in the report can be serialized.
pub fn json(report: &Report) -> Result<String> {
    let json = serde_json::to_string_pretty(report).into_diagnostic()?;
    Ok(json + "\n")
}
