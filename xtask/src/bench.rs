//! `cargo xtask bench`: everything that we claim to be fast or small at, in one table.
//!
//! The figures come from programs that measure two things in turns and print rows; this runs them
//! and writes the table. A new measurement is one more line in `part.rs`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::output::write_if_changed;
use miette::{IntoDiagnostic, Result, miette};

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
/// A program that can't be built or fails, after the other parts were measured, printed and
/// written; a README without the table's place, or with one whose
/// other rows can't be kept.
pub fn run(args: &BenchArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    let docs = docs_in(std::env::var_os(DOCS))?;
    let parts = Part::chosen(&args.only);
    let readme = root.join("README.md");
    if args.write {
        // Rather now than after the minutes that it takes to measure.
        readme::check(&readme, &parts)?;
    }
    if args.sdks {
        sdks::install(&root)?;
    }
    let mut outcome = Outcome::default();
    for part in &parts {
        eprintln!("{} …", part.title());
        let machine = Machine::now();
        outcome.add(*part, &machine, part.measure(&root, docs.as_deref()));
    }
    for row in &outcome.behind {
        eprintln!("behind: {row}");
    }
    table::print(&readme::table(&outcome.sections));
    if args.write {
        for part in outcome.write(&readme)? {
            eprintln!(
                "the README keeps its old rows of `{}`, because some were skipped now",
                part.name()
            );
        }
    }
    outcome.result()
}

/// What came of the parts.
#[derive(Debug, Default)]
struct Outcome {
    sections: Sections,
    /// The parts that have all their rows.
    measured: Vec<Part>,
    /// The parts of which some rows were skipped.
    half: Vec<Part>,
    /// The parts that could not be measured, though they should.
    failed: Vec<Part>,
    /// Rows in which a peer is better.
    behind: Vec<String>,
}

impl Outcome {
    /// Notes what came of a part; if it failed, the others are worth their minutes all the same.
    fn add(&mut self, part: Part, machine: &Machine, report: Result<Report>) {
        let report = match report {
            Ok(report) => report,
            Err(error) => {
                eprintln!("{error:?}");
                self.failed.push(part);
                return;
            }
        };
        self.behind.extend(report.behind());
        self.sections
            .insert(part, table::section(part, &report, machine));
        if report.rows.is_empty() {
            eprintln!("  nothing was measured: {}", report.skipped.join("; "));
        } else if report.skipped.is_empty() {
            self.measured.push(part);
        } else {
            self.half.push(part);
        }
    }

    /// Puts the sections into the README. Half of one takes no place of a section that is there:
    /// gives back the parts whose old ones are kept for that reason.
    ///
    /// # Errors
    /// As those of [`readme::read`], and a file that can't be written.
    fn write(&self, file: &Path) -> Result<Vec<Part>> {
        let (text, kept) = readme::read(file, &self.measured)?;
        let (mut sections, mut old) = (self.sections.clone(), self.half.clone());
        sections.retain(|part, _| self.measured.contains(part) || self.half.contains(part));
        old.retain(|part| kept.contains_key(part));
        sections.extend(kept);
        write_if_changed(file, &readme::with_sections(&text, &sections)?).into_diagnostic()?;
        Ok(old)
    }

    /// # Errors
    /// Parts that failed; why has been told.
    fn result(&self) -> Result<bool> {
        if self.failed.is_empty() {
            return Ok(true);
        }
        let failed = self.failed.iter().map(|part| format!("`{}`", part.name()));
        let failed: Vec<String> = failed.collect();
        Err(miette!(
            help = "`--only` measures them alone",
            "could not be measured, for reasons named above: {}",
            failed.join(", ")
        ))
    }
}

/// The folder that the variable names, for programs that run in other folders.
fn docs_in(variable: Option<OsString>) -> Result<Option<PathBuf>> {
    let named = variable.filter(|folder| !folder.is_empty());
    named.map(std::path::absolute).transpose().into_diagnostic()
}

#[cfg(test)]
mod tests {
    use super::row::{Row, Unit};
    use super::*;

    fn report(rows: &[&str]) -> Report {
        let rows = rows.iter().map(|what| Row::alone(*what, Unit::Count, 1.0));
        Report {
            rows: rows.collect(),
            ..Report::default()
        }
    }

    #[test]
    fn a_part_that_fails_costs_the_others_nothing() {
        let mut outcome = Outcome::default();
        let machine = Machine::now();
        outcome.add(Part::Decode, &machine, Ok(report(&["before"])));
        outcome.add(Part::Peers, &machine, Err(miette!("no compiler")));
        outcome.add(Part::Tools, &machine, Ok(report(&["after"])));
        assert_eq!(outcome.measured, [Part::Decode, Part::Tools]);
        let table = readme::table(&outcome.sections);
        assert!(table.contains("| before |") && table.contains("| after |"));
        let error = outcome.result().unwrap_err().to_string();
        assert!(error.ends_with(": `peers`"), "{error}");
    }

    /// For want of an SDK, of the documentation.
    #[test]
    fn half_of_a_part_takes_the_place_of_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("README.md");
        std::fs::write(&file, "# a\n<!-- bench -->\n<!-- end of bench -->\n").unwrap();
        let half = |what: &str| {
            let mut half = report(&[what]);
            half.skipped.push("no SDK".to_owned());
            Ok(half)
        };
        let machine = Machine::now();
        let mut first = Outcome::default();
        first.add(Part::Decode, &machine, Ok(report(&["old decode"])));
        first.add(Part::Peers, &machine, Ok(report(&["old peers"])));
        // Better than nothing, where nothing is.
        first.add(Part::Tools, &machine, half("half of tools"));
        assert_eq!(first.write(&file).unwrap(), []);
        let mut second = Outcome::default();
        second.add(Part::Decode, &machine, Ok(report(&["new decode"])));
        second.add(Part::Peers, &machine, half("half of peers"));
        second.add(Part::Webhook, &machine, Ok(report(&[])));
        assert_eq!(second.write(&file).unwrap(), [Part::Peers]);
        let text = std::fs::read_to_string(&file).unwrap();
        for row in ["| new decode |", "| old peers |", "| half of tools |"] {
            assert!(text.contains(row), "{row}: {text}");
        }
        assert!(!text.contains("half of peers") && !text.contains("bench: webhook"));
    }
}
