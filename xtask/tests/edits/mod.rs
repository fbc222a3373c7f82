//! A folder of pages that is scraped, edited and scraped again.

#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test that fails may do so at once, and not every one needs all of this"
)]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::Overlay;
use tempfile::TempDir;
use xtask::diff::report::{Change, Report};
use xtask::diff::{Side, compare};
use xtask::scrape::{ScrapeArgs, Scraped, scrape_on};

pub(crate) mod invented;
pub(crate) mod random;
pub(crate) mod raw;
pub(crate) mod scripts;

/// The day of the second run.
pub(crate) const TODAY: &str = "2026-11-21";

/// Pages and the schemas of them.
pub(crate) struct Edited {
    folder: TempDir,
    pub(crate) allow_loss: bool,
    /// The paths of pages that are on the portal and could not be fetched.
    pub(crate) unfetched: Vec<String>,
}

impl Edited {
    /// Pages by name, scraped.
    pub(crate) fn new<'a>(pages: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let edited = Self {
            folder,
            allow_loss: false,
            unfetched: Vec::new(),
        };
        for (name, text) in pages {
            let file = edited.page(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let first = edited.scrape();
        assert!(first.complete, "{}", first.report);
        copy(&edited.schemas(), &edited.folder.path().join("before"));
        edited
    }

    pub(crate) fn page(&self, name: &str) -> PathBuf {
        self.folder.path().join("pages").join(name)
    }

    pub(crate) fn schemas(&self) -> PathBuf {
        self.folder.path().join("schemas")
    }

    /// Replaces a text that a page has exactly once.
    pub(crate) fn replace(&self, name: &str, old: &str, new: &str) {
        let file = self.page(name);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old}");
        fs::write(file, text.replace(old, new)).unwrap();
    }

    /// Reads all pages again.
    pub(crate) fn scrape(&self) -> Scraped {
        self.try_scrape().unwrap()
    }

    /// Reads all pages again, if that can be done at all.
    pub(crate) fn try_scrape(&self) -> miette::Result<Scraped> {
        let args = ScrapeArgs {
            inputs: vec![self.folder.path().join("pages")],
            out: self.schemas(),
            all: true,
            allow_loss: self.allow_loss,
            unfetched: self.unfetched.clone(),
            ..ScrapeArgs::default()
        };
        scrape_on(&args, false, TODAY)
    }

    /// Reads all pages again, and compares with the first time.
    pub(crate) fn report(&self, names: &Overlay) -> Report {
        let side = |name: &str| Side::of_folder(name, &self.folder.path().join(name)).unwrap();
        compare(&side("before"), &side("schemas"), names)
    }

    /// What the guard says and what differs after reading all pages again, in short.
    pub(crate) fn changes(&self, names: &Overlay) -> String {
        let scraped = self.scrape();
        let from = scraped
            .report
            .find("guard: ")
            .or(scraped.report.find("missing "));
        let guard = from.map_or("guard: silent\n", |at| &scraped.report[at..]);
        let guard = guard.replace(&*self.folder.path().to_string_lossy(), "…");
        guard + &short(&self.report(names))
    }
}

/// What is reported of an event whose page is gone, if nothing else changed.
pub(crate) fn page_is_gone(event_type: &str) -> String {
    format!(
        "missing {event_type}: its page is gone; the schema is kept
step: Patch
{event_type} Changed: Documentation
  PageMissing Documentation:  > {TODAY}
    Its page is gone since {TODAY}: the event may be withdrawn. Its types stay.
"
    )
}

/// A report, one line per change.
pub(crate) fn short(report: &Report) -> String {
    let mut text = format!("step: {:?}\n", report.step);
    for event in &report.events {
        let (name, fate, class) = (&event.event_type, event.fate, event.class);
        writeln!(text, "{name} {fate:?}: {class:?}").unwrap();
        for change in &event.changes {
            writeln!(text, "  {}", short_change(change)).unwrap();
        }
    }
    for item in &report.items {
        let (name, class) = (&item.item, item.class);
        let parts = [&item.from, &item.to, &item.renamed_to];
        let [from, to, renamed] = parts.map(|part| part.as_deref().unwrap_or("-"));
        writeln!(text, "{name}: {class:?} {from} > {to}, renamed {renamed}").unwrap();
    }
    text
}

fn short_change(change: &Change) -> String {
    let mut text = format!("{:?} {:?}", change.what, change.class);
    for (before, part) in [
        (" at ", &change.row),
        (": ", &change.from),
        (" > ", &change.to),
        ("\n    rust ", &change.rust),
        ("\n    ", &change.effect),
    ] {
        if let Some(part) = part {
            text += &format!("{before}{part}");
        }
        if before == " > " {
            let gained = change.gained.iter().map(|item| ('+', item));
            for (sign, item) in gained.chain(change.dropped.iter().map(|item| ('-', item))) {
                write!(text, " {sign}{item}").unwrap();
            }
        }
    }
    if let Some((from, to)) = &change.rust_types {
        text += &format!("\n    {from} > {to}");
    }
    text
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}
