//! `cargo xtask scrape`: pages → schema files, and a report of what was found.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use crate::decode::decode;
use crate::finding::{Finding, Severity};
use crate::read::{Outcome, Reading, read_page};
use crate::source::Source;

mod error;
mod inputs;
mod merge;
mod places;
mod problem;
mod report;
mod schema_files;
mod summary;

pub use error::ScrapeError;
pub use merge::{Found, merge};
pub use places::Places;
use report::Report;
use summary::Totals;

/// What `scrape` is told.
#[derive(Debug, Args)]
pub struct ScrapeArgs {
    /// Pages, or folders of pages
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,
    /// The folder of the schemas
    #[arg(long, default_value = "schemas")]
    pub out: PathBuf,
    /// Writes everything that was found into this file, as JSON
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Prints every finding, not only errors and numbers
    #[arg(long)]
    pub findings: bool,
}

/// Reads the pages and writes their schemas; says whether all of them could be read.
///
/// # Errors
/// Files that can't be read or written.
pub fn run(args: &ScrapeArgs) -> Result<bool, miette::Report> {
    let files = inputs::collect(&args.inputs)?;
    let progress = progress(files.len());
    let mut pages = Vec::new();
    for file in files {
        pages.push(read_file(file)?);
        progress.inc(1);
    }
    progress.finish_and_clear();

    let mut places = Places::of_schemas(&args.out)?;
    let (found, mut findings) = merge(&pages, &mut places);
    let mut changed = 0;
    for event in &found {
        changed += usize::from(schema_files::write(&args.out, event)?);
    }
    findings.extend(
        pages
            .iter()
            .flat_map(|page| page.reading.findings.iter().cloned()),
    );
    findings.sort_by(|a, b| (&a.page, a.line, a.kind).cmp(&(&b.page, b.line, b.kind)));

    let totals = Totals::of(&pages, &found, &findings, changed);
    if let Some(file) = &args.report {
        Report::new(&pages, &found, &findings, &totals).write(file)?;
    }
    let mut text = problem::rendered(&pages, &findings);
    if args.findings {
        let told = findings
            .iter()
            .filter(|finding| finding.severity != Severity::Error);
        text.extend(told.map(|finding| format!("{finding}\n")));
    }
    text += &summary::passed_over(&pages);
    text += &if std::io::stderr().is_terminal() {
        totals.table()
    } else {
        totals.lines()
    };
    // Nobody is left to be told if even this can't be written.
    let _ = std::io::stderr().write_all(text.as_bytes());
    Ok(findings
        .iter()
        .all(|finding| finding.severity != Severity::Error))
}

/// A page that was read.
#[derive(Debug)]
pub struct ReadPage {
    /// Where the file lies.
    pub file: PathBuf,
    /// The text; none if the file holds none.
    pub source: Option<Source>,
    /// What was read.
    pub reading: Reading,
}

/// Reads one file.
///
/// # Errors
/// A file that can't be opened.
pub fn read_file(file: PathBuf) -> Result<ReadPage, ScrapeError> {
    let name = inputs::shown(&file);
    let bytes = std::fs::read(&file).map_err(|source| ScrapeError::read(&file, source))?;
    Ok(match decode(&name, bytes) {
        Ok(source) => ReadPage {
            reading: read_page(&source),
            source: Some(source),
            file,
        },
        Err(finding) => ReadPage {
            file,
            source: None,
            reading: unreadable(name, *finding),
        },
    })
}

fn unreadable(page: String, finding: Finding) -> Reading {
    Reading {
        page,
        outcome: Outcome::Failed,
        findings: vec![finding],
    }
}

fn progress(pages: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} pages");
    // Hidden by itself where nobody watches.
    let bar = ProgressBar::new(pages as u64);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
