//! `cargo xtask bench`: measures everything that the project claims to be fast or small, in one table.
//!
//! It runs programs that each measure two things alternately and print rows, and writes the results.
//! To add a measurement, add a line to `part.rs`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use feishu_events_gen::internals::output::write_if_changed;
use miette::{IntoDiagnostic, Result, miette};

use crate::generate::project_root;

mod build;
mod machine;
mod part;
mod program;
mod results;
mod sdks;
mod table;
mod tools;

use machine::Machine;
use part::Part;
use program::Report;
use results::{Measured, Results};

/// The variable that names the folder of the documentation.
const DOCS: &str = "FEISHU_DOCS";

/// The options of `bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Measure only these parts; the others keep their results
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Only print the results, without changing the committed ones
    #[arg(long)]
    dry_run: bool,
    /// Measure nothing: write BENCHMARKS.md from the committed results
    #[arg(long, conflicts_with_all = ["only", "dry_run", "sdks"])]
    render: bool,
    /// First install the official SDKs for Python and Node into target/sdks, to compare with them
    #[arg(long)]
    sdks: bool,
    /// The folder of the project [default: the one that this command belongs to]
    #[arg(long)]
    root: Option<PathBuf>,
}

/// Measures, prints the results, and writes them and the page that shows them.
///
/// # Errors
/// A program that can't be built or fails, after the other parts were measured, printed and
/// written; results that can't be read.
pub fn run(args: &BenchArgs) -> Result<bool> {
    let root = args.root.clone().unwrap_or_else(project_root);
    // Checked before measuring, which takes minutes.
    let mut results = Results::load(&root)?;
    let mut outcome = Outcome::default();
    if !args.render {
        let docs = docs_in(std::env::var_os(DOCS))?;
        if args.sdks {
            sdks::install(&root)?;
        }
        for part in Part::chosen(&args.only) {
            eprintln!("{} …", part.title());
            let machine = Machine::now();
            outcome.add(part, machine, part.measure(&root, docs.as_deref()));
        }
        for row in outcome.results.behind() {
            eprintln!("behind: {}", row.in_words());
        }
        // An error means that the reader has closed the pipe.
        drop(io::stdout().write_all(table::page(&outcome.results).as_bytes()));
    }
    if !args.dry_run {
        for part in results.update(std::mem::take(&mut outcome.results)) {
            eprintln!(
                "`{}` keeps its old rows, because some were skipped in this run",
                part.name()
            );
        }
        let write = |file: &str, text: &str| write_if_changed(&root.join(file), text);
        write(results::FILE, &results.to_json()?).into_diagnostic()?;
        write(table::PAGE, &table::page(&results)).into_diagnostic()?;
    }
    outcome.result()
}

/// The results of the parts.
#[derive(Debug, Default)]
struct Outcome {
    results: Results,
    /// The parts that failed.
    failed: Vec<Part>,
}

impl Outcome {
    /// Records the result of a part; if it failed, the others are still measured.
    fn add(&mut self, part: Part, machine: Machine, report: Result<Report>) {
        match report {
            Ok(report) => {
                if report.rows.is_empty() {
                    eprintln!("  nothing was measured: {}", report.skipped.join("; "));
                }
                let measured = Measured::new(machine, report);
                self.results.0.insert(part, measured);
            }
            Err(error) => {
                eprintln!("{error:?}");
                self.failed.push(part);
            }
        }
    }

    /// # Errors
    /// Parts that failed; the causes have been printed.
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
    use clap::ValueEnum;
    use feishu_events_benches::{Row, Unit};

    use super::*;

    fn report(rows: &[&str]) -> Report {
        let rows = rows.iter().map(|what| Row::alone(*what, Unit::Count, 1.0));
        Report {
            rows: rows.collect(),
            ..Report::default()
        }
    }

    #[test]
    fn the_other_parts_are_measured_if_one_fails() {
        let mut outcome = Outcome::default();
        outcome.add(Part::Decode, Machine::now(), Ok(report(&["before"])));
        outcome.add(Part::Peers, Machine::now(), Err(miette!("no compiler")));
        outcome.add(Part::Tools, Machine::now(), Ok(report(&["after"])));
        let page = table::page(&outcome.results);
        assert!(page.contains("| before |") && page.contains("| after |"));
        assert!(
            page.contains("Not measured: `peers`, `instructions`, `delivery`"),
            "{page}"
        );
        let error = outcome.result().unwrap_err().to_string();
        assert!(error.ends_with(": `peers`"), "{error}");
    }

    #[test]
    fn the_page_shows_the_committed_results() {
        let root = project_root();
        let results = Results::load(&root).unwrap();
        let page = std::fs::read_to_string(root.join(table::PAGE)).unwrap();
        assert!(
            page == table::page(&results),
            "{} is stale: `cargo xtask bench --render`",
            table::PAGE
        );
    }

    #[test]
    fn the_readme_shows_rows_of_the_page() {
        let readme = std::fs::read_to_string(project_root().join("README.md")).unwrap();
        let (_, rest) = readme.split_once("<!-- bench -->").unwrap();
        let (table, _) = rest.split_once("<!-- end of bench -->").unwrap();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with('|')).collect();
        let page = table::page(&Results::load(&project_root()).unwrap());
        for row in &rows {
            assert!(page.lines().any(|line| line == *row), "not measured: {row}");
        }
        assert_eq!(rows.len(), 2 + 5);
    }

    #[test]
    fn no_peer_is_ahead_except_where_the_limits_say_so() {
        let results = Results::load(&project_root()).unwrap();
        for part in Part::value_variants() {
            assert!(results.0.contains_key(part), "`{}` is missing", part.name());
        }
        for row in results.behind() {
            let beside = row.other.as_ref().map_or("", |other| &*other.beside);
            let is_limit = beside.starts_with("openlark") && row.what.contains("size");
            assert!(is_limit, "behind: {}", row.in_words());
        }
    }
}
