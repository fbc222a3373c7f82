//! `cargo xtask bench`: everything that we claim to be fast or small at, in one table.
//!
//! The figures come from programs that measure two things in turns and print rows; this runs them
//! and writes the table. A new measurement is one more line in `part.rs`.

use std::path::PathBuf;

use clap::Args;
use feishu_events_gen::output::write_if_changed;
use miette::{IntoDiagnostic, Result};

use crate::generate::project_root;

mod build;
mod machine;
mod part;
mod program;
mod readme;
mod row;
mod sdks;
mod table;
mod tools;

use machine::Machine;
use part::Part;
use program::Report;

/// The options of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Measure only these
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Put the table into the README
    #[arg(long, conflicts_with = "only")]
    write: bool,
    /// First install the official SDKs for Python and Node into target/sdks, to compare with them
    #[arg(long)]
    sdks: bool,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    root: Option<PathBuf>,
}

/// Measures, prints the table, and on request puts it into the README.
///
/// # Errors
/// A program that can't be built or fails; a README without the table's place.
pub fn run(args: &BenchArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    if args.sdks {
        sdks::install(&root)?;
    }
    let machine = Machine::of_this_run();
    let parts = Part::chosen(&args.only);
    let mut report = Report::default();
    for part in parts {
        eprintln!("{}", part.title());
        report.add(part.measure(&root)?);
    }
    let text = table::markdown(&report, &machine);
    if args.write {
        let path = root.join("README.md");
        let readme = std::fs::read_to_string(&path).into_diagnostic()?;
        write_if_changed(&path, &readme::with_table(&readme, &text)?).into_diagnostic()?;
    }
    let behind = report.behind();
    for row in &behind {
        eprintln!("behind: {row}");
    }
    table::print(&text);
    Ok(true)
}
