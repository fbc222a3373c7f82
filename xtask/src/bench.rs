//! `cargo xtask bench`: everything that we claim to be fast or small at, in one table.
//!
//! The figures come from programs that measure two things in turns and print rows; this runs them
//! and writes the table. A new measurement is one more line in `part.rs`.

use std::ffi::OsString;
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
use readme::Sections;

/// The variable that names the folder of the documentation.
const DOCS: &str = "FEISHU_DOCS";

/// The options of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Measure only these parts; with --write the others keep their rows
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Put what was measured into the README's table
    #[arg(long)]
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
/// A program that can't be built or fails; a README without the table's place, or with one whose
/// other rows can't be kept.
pub fn run(args: &BenchArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let docs = docs_in(std::env::var_os(DOCS))?;
    let parts = Part::chosen(&args.only);
    let readme = root.join("README.md");
    if args.write {
        // Rather now than after the minutes that it takes to measure.
        readme::read(&readme, &parts)?;
    }
    if args.sdks {
        sdks::install(&root)?;
    }
    let (mut sections, mut measured) = (Sections::new(), Vec::new());
    let mut behind = Vec::new();
    for part in &parts {
        eprintln!("{} …", part.title());
        let machine = Machine::now();
        let report = part.measure(&root, docs.as_deref())?;
        behind.extend(report.behind());
        sections.insert(*part, table::section(*part, &report, &machine));
        if report.rows.is_empty() {
            eprintln!("  nothing was measured: {}", report.skipped.join("; "));
        } else {
            measured.push(*part);
        }
    }
    for row in behind {
        eprintln!("behind: {row}");
    }
    table::print(&readme::table(&sections));
    if args.write {
        let (text, kept) = readme::read(&readme, &measured)?;
        sections.retain(|part, _| measured.contains(part));
        sections.extend(kept);
        write_if_changed(&readme, &readme::with_sections(&text, &sections)?).into_diagnostic()?;
    }
    Ok(true)
}

/// The folder that the variable names, for programs that run in other folders.
fn docs_in(variable: Option<OsString>) -> Result<Option<PathBuf>> {
    let named = variable.filter(|folder| !folder.is_empty());
    named.map(std::path::absolute).transpose().into_diagnostic()
}
