//! `cargo xtask bench`: everything that we claim to be fast or small at, in one table.
//!
//! The figures come from programs that measure two things in turns and print rows; this runs them
//! and writes the table. A new measurement is one more line in `part.rs`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
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
/// A program that can't be built or fails; a README without the table's place.
pub fn run(args: &BenchArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    if args.sdks {
        sdks::install(&root)?;
    }
    let machine = Machine::of_this_run();
    let parts = Part::chosen(&args.only);
    let mut report = Report::default();
    for part in &parts {
        eprintln!("{}", part.title());
        report.add(part.measure(&root)?);
    }
    let mut text = table::markdown(&report, &machine);
    text += &left_out(&parts);
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

/// What a reader of the table must know when not everything was measured.
fn left_out(measured: &[Part]) -> String {
    let all = Part::value_variants().iter();
    let left: Vec<String> = all
        .filter(|part| !measured.contains(part))
        .filter_map(ValueEnum::to_possible_value)
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if left.is_empty() {
        return String::new();
    }
    format!("\nLeft out of this run: {}.\n", left.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_was_not_measured_is_named() {
        assert_eq!(left_out(Part::value_variants()), "");
        let some = [Part::Decode, Part::Peers, Part::Delivery, Part::Webhook];
        assert_eq!(
            left_out(&some),
            "\nLeft out of this run: `long-connection`, `build`, `tools`.\n"
        );
    }
}
