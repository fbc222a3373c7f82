//! The report of a run.

use std::path::{Path, PathBuf};

use miette::{IntoDiagnostic, Result};
use serde::Serialize;

use crate::directory::Listed;
use crate::fault::shown;

/// The outcome for a page.
#[derive(Debug)]
pub(crate) enum Fate {
    /// It was fetched into this file.
    Fetched(PathBuf),
    /// Its file was up to date.
    Unchanged,
    /// It has no text and redirects to another page.
    Elsewhere {
        /// Where to.
        to: String,
        /// The file that it has from a time when it had a text.
        file: Option<PathBuf>,
    },
    /// It could not be fetched.
    Failed {
        /// Why.
        reason: String,
        /// Whether the next run will fail as well.
        lasting: bool,
        /// Whether the portal says that there is no such page.
        absent: bool,
    },
    /// It was not requested, because the portal is down.
    NotTried,
}

/// The outcomes for all pages.
///
/// `cargo xtask regen` reads it as `xtask::programs::fetch::Report`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    /// How many pages there are.
    pub(crate) wanted: usize,
    /// How many requests were made.
    pub(crate) requests: u64,
    unchanged: usize,
    fetched: Vec<Filed>,
    failed: Vec<Failed>,
    not_tried: Vec<String>,
    elsewhere: Vec<Elsewhere>,
    gone: Vec<Filed>,
    /// Files of pages that are listed but not wanted in this run, so they are not updated.
    unwanted: Vec<Filed>,
    /// The names of pages that the directory lists without a path.
    pub(crate) pathless: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Filed {
    path: String,
    file: String,
}

#[derive(Debug, Serialize)]
struct Unfetched {
    path: String,
    name: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Failed {
    #[serde(flatten)]
    page: Unfetched,
    /// Whether the next run will fail as well.
    lasting: bool,
    /// Whether the portal says that there is no such page; else it only could not be had.
    absent: bool,
}

#[derive(Debug, Serialize)]
struct Elsewhere {
    #[serde(flatten)]
    page: Unfetched,
    /// The file that it has from a time when it had a text.
    file: Option<String>,
}

impl Summary {
    /// Adds the outcome for a page.
    pub(crate) fn add(&mut self, page: &Listed, fate: Fate) {
        let path = page.path.clone();
        let because = |reason| Unfetched {
            path: path.clone(),
            name: page.name.clone(),
            reason,
        };
        match fate {
            Fate::Fetched(file) => self.fetched.push(filed(&page.path, &file)),
            Fate::Unchanged => self.unchanged += 1,
            Fate::Elsewhere { to, file } => self.elsewhere.push(Elsewhere {
                page: because(to),
                file: file.as_deref().map(slashed),
            }),
            Fate::Failed {
                reason,
                lasting,
                absent,
            } => self.failed.push(Failed {
                page: because(reason),
                lasting,
                absent,
            }),
            Fate::NotTried => self.not_tried.push(path),
        }
    }

    /// Adds a file whose page is no longer listed.
    pub(crate) fn add_gone(&mut self, path: &str, file: &Path) {
        self.gone.push(filed(path, file));
    }

    /// Adds a file whose page is listed but not wanted.
    pub(crate) fn add_unwanted(&mut self, path: &str, file: &Path) {
        self.unwanted.push(filed(path, file));
    }

    /// How many pages failed so far.
    pub(crate) fn failed(&self) -> usize {
        self.failed.len()
    }

    /// Whether every page that can be fetched has a file.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty()
    }

    /// The report as JSON.
    pub(crate) fn report(&self) -> Result<String> {
        let json = serde_json::to_string_pretty(self).into_diagnostic()?;
        Ok(json + "\n")
    }

    /// The report as text: problems first, the numbers last.
    pub(crate) fn rendered(&self) -> String {
        let mut text = String::new();
        for Failed { page, lasting, .. } in &self.failed {
            let Unfetched { path, name, reason } = page;
            let next = if *lasting {
                "; it will fail again until the portal changes it"
            } else {
                ""
            };
            text += &format!(
                "failed: {} ({}): {reason}{next}\n",
                shown(path),
                shown(name)
            );
        }
        for Elsewhere { page, file } in &self.elsewhere {
            let Unfetched { path, reason, .. } = page;
            let path = shown(path);
            text += &format!("no page of its own: {path} points to {reason}");
            if let Some(file) = file {
                text += &format!("; {file} stays");
            }
            text.push('\n');
        }
        for name in &self.pathless {
            text += &format!("without a path in the directory: {}\n", shown(name));
        }
        for Filed { path, file } in &self.gone {
            let path = shown(path);
            text += &format!("gone: {path} has left the directory; {file} stays\n");
        }
        if !self.not_tried.is_empty() {
            text += &format!(
                "not tried: {} pages, because too many failed in a row; start again later\n",
                self.not_tried.len()
            );
        }
        text += &format!(
            "{} pages: {} fetched, {} unchanged, {} failed, {} gone ({} requests)\n",
            self.wanted,
            self.fetched.len(),
            self.unchanged,
            self.failed.len() + self.not_tried.len(),
            self.gone.len(),
            self.requests,
        );
        text
    }
}

fn filed(path: &str, file: &Path) -> Filed {
    Filed {
        path: path.to_owned(),
        file: slashed(file),
    }
}

/// The path with `/` on every system.
fn slashed(file: &Path) -> String {
    file.to_string_lossy().replace('\\', "/")
}
