//! `cargo xtask scrape`: pages → schema files, and a report of what was found.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events_gen::internals::output::write_if_changed;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use miette::{GraphicalTheme, IntoDiagnostic};

use crate::pages::decode::decode;
use crate::pages::finding::{Finding, Kind, Severity};
use crate::pages::levels::TypeNames;
use crate::pages::read::{Outcome, Reading, read_page, read_page_knowing};
use crate::pages::source::Source;

mod combine;
mod earlier;
mod error;
mod guard;
mod inputs;
mod languages;
mod listed;
mod merge;
mod missing;
mod only_named;
mod places;
mod portals;
mod problem;
mod refused;
mod relevel;
mod report;
mod samples;
mod services;
mod summary;

pub use error::ScrapeError;
use merge::merge;
use missing::Missing;
use report::Report;
use summary::Totals;

/// The arguments of `scrape`.
#[derive(Debug, Default, Args)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct ScrapeArgs {
    /// Pages, or folders of pages
    #[arg(required = true)]
    pub inputs: Vec<PathBuf>,
    /// The folder of the schemas
    #[arg(long, default_value = "schemas")]
    pub out: PathBuf,
    /// Writes all findings to this file, as JSON
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Writes the pages' sample events to this file, one line of JSON each, for the benchmarks;
    /// the samples belong to their authors: don't publish the file
    #[arg(long, value_name = "FILE")]
    pub samples: Option<PathBuf>,
    /// Writes the pages' descriptions into the schemas, for docs in your own build; the
    /// descriptions belong to their authors: don't publish them
    #[arg(long)]
    pub descriptions: bool,
    /// The pages are complete: events without a page are marked as missing
    #[arg(long)]
    pub all: bool,
    /// The pages come from another site than the portal; their events are not marked as missing
    /// when the portal has no page of them
    #[arg(long, conflicts_with = "all")]
    pub apart: bool,
    /// Writes the schemas even if events or many of their rows are lost
    #[arg(long)]
    pub allow_loss: bool,
    /// Files that are not read, wherever they are found
    #[arg(skip)]
    pub without: Vec<PathBuf>,
    /// The paths of pages that are on the portal and could not be fetched: without a file of
    /// theirs, nothing says that their events are gone
    #[arg(skip)]
    pub unfetched: Vec<String>,
    /// Prints every finding, not only errors and counts
    #[arg(long)]
    pub findings: bool,
}

/// Reads the pages, writes their schemas and says how it went; gives whether all could be read.
///
/// # Errors
/// Files that can't be read or written.
pub fn run(args: &ScrapeArgs) -> miette::Result<bool> {
    let terminal = std::io::stderr().is_terminal();
    let scraped = scrape(args, terminal)?;
    // Nobody is left to read it if even this can't be written.
    let _ = std::io::stderr().write_all(scraped.report.as_bytes());
    Ok(scraped.complete)
}

/// How a run went.
#[derive(Debug)]
pub struct Scraped {
    /// What people read on standard error.
    pub report: String,
    /// Whether every event of every page was read.
    pub complete: bool,
    /// Whether all schemas were written; otherwise the guard held some back.
    pub written: bool,
}

/// Reads the pages and writes their schemas. `terminal`: whether a person looks at it.
///
/// # Errors
/// Files that can't be read or written.
pub fn scrape(args: &ScrapeArgs, terminal: bool) -> miette::Result<Scraped> {
    let today = Timestamp::now().strftime("%Y-%m-%d").to_string();
    scrape_on(args, terminal, &today)
}

/// As [`scrape`]; `today` is the day since when a page counts as missing that is so in this run.
///
/// # Errors
/// Files that can't be read or written.
pub fn scrape_on(args: &ScrapeArgs, terminal: bool, today: &str) -> miette::Result<Scraped> {
    let mut pages = read_pages(args)?;
    if args.descriptions {
        pages.iter_mut().for_each(ReadPage::add_descriptions);
    }
    let earlier = earlier::read(&args.out)?;
    let (mut found, mut findings) = merge(&pages, &earlier, args.apart);
    let missing = Missing::of(&pages, &found, &earlier, args.all, &args.unfetched);
    findings.extend(refused::take_out(&mut found));
    let losses = missing.losses(&found, &earlier);
    let written = args.allow_loss || !losses.must_be_asked();
    findings.extend(only_named::findings(&pages, &found, &earlier));
    let mut changed = 0;
    for event in &found {
        if args.allow_loss || !losses.holds_back(&event.schema.event_type) {
            let place = format!("{}/{}.json", event.service, event.file);
            changed += usize::from(write(&args.out.join(place), &event.schema.to_json())?);
        }
    }
    if args.allow_loss || !losses.holds_back_marks() {
        for (place, schema) in missing.marked(&earlier, today) {
            changed += usize::from(write(&args.out.join(place), &schema.to_json())?);
        }
    }
    let of_pages = pages.iter().flat_map(|page| &page.reading.findings);
    findings.extend(of_pages.cloned());
    findings.sort_by(|a, b| (&a.page, a.line, a.kind).cmp(&(&b.page, b.line, b.kind)));

    let totals = Totals::of(&pages, &found, &findings, changed);
    if let Some(file) = &args.report {
        Report::new(&pages, &found, &findings, &totals).write(file)?;
    }
    if let Some(file) = &args.samples {
        let lines = samples::lines(&pages, &args.inputs).into_diagnostic()?;
        write(file, &lines)?;
    }
    let theme = if terminal {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let is_error = |finding: &&Finding| finding.severity == Severity::Error;
    let mut report = problem::rendered(&pages, &findings, theme);
    if args.findings {
        for finding in findings.iter().filter(|finding| !is_error(finding)) {
            report += &format!("{finding}\n");
        }
    }
    report += &summary::passed_over(&pages);
    report += &if terminal {
        totals.table()
    } else {
        totals.lines()
    };
    report += &missing.rendered(&losses, written);
    Ok(Scraped {
        report,
        complete: written && !findings.iter().any(|finding| is_error(&finding)),
        written,
    })
}

/// Writes a file if it holds something else; says whether it did.
fn write(file: &Path, text: &str) -> Result<bool, ScrapeError> {
    write_if_changed(file, text).map_err(|error| ScrapeError::write(file, error))
}

fn read_pages(args: &ScrapeArgs) -> Result<Vec<ReadPage>, ScrapeError> {
    let mut files = inputs::collect(&args.inputs)?;
    files.retain(|file| !args.without.contains(file));
    let progress = progress(files.len());
    let files = progress.wrap_iter(files.into_iter());
    let mut pages: Vec<ReadPage> = files.map(read_file).collect();
    progress.finish_and_clear();
    read_again(&mut pages);
    Ok(pages)
}

/// Reads the pages again that leave levels open: others may show what their types hold.
fn read_again(pages: &mut [ReadPage]) {
    let mut types = TypeNames::default();
    for page in pages.iter() {
        if let Outcome::Events(events) = &page.reading.outcome {
            for event in events {
                types.learn(&event.schema.fields);
            }
        }
    }
    for page in pages {
        let mut findings = page.reading.findings.iter();
        let open = findings.any(|finding| finding.kind == Kind::LevelInferred);
        if let Some(source) = page.source.as_ref().filter(|_| open) {
            page.reading = read_page_knowing(source, &types);
        }
    }
}

/// A page that was read.
#[derive(Debug)]
struct ReadPage {
    /// Where the file lies.
    file: PathBuf,
    /// The text; none if the file holds none.
    source: Option<Source>,
    /// What was read.
    reading: Reading,
}

impl ReadPage {
    /// Puts the page's own words beside the facts.
    fn add_descriptions(&mut self) {
        let Outcome::Events(events) = &mut self.reading.outcome else {
            return;
        };
        for event in events {
            let rows = event.schema.fields.iter_mut();
            for (row, text) in rows.zip(event.descriptions.iter()) {
                row.description = Some(text.clone()).filter(|text| !text.is_empty());
            }
        }
    }
}

fn read_file(file: PathBuf) -> ReadPage {
    let name = inputs::shown(&file);
    let source = match inputs::read(&file) {
        Ok(bytes) => decode(&name, &bytes),
        Err(error) => {
            let what = format!("the file can't be read: {error}");
            Err(Finding::of_page(Kind::Unreadable, &name, what).into())
        }
    };
    match source {
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
    }
}

fn unreadable(page: String, finding: Finding) -> Reading {
    Reading {
        page,
        path: None,
        day: None,
        lark: false,
        mentions: Vec::new(),
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
