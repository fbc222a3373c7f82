//! Runs `cargo xtask fetch` and reads its report.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use miette::{Context, IntoDiagnostic, Result, miette};

use crate::programs::fetch::{Failed, Report};

/// The folder for the pages, below the root of the project.
const DOCS: &str = "docs";

/// The folder for the pages of Lark's portal, which can have the same paths as Feishu's.
const LARK_DOCS: &str = "docs/lark";

/// A folder of pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The folder.
    pub(super) folder: PathBuf,
    /// Files in it whose page has left the portal or no longer has a text there: they are kept, but
    /// not read.
    pub(super) left: Vec<PathBuf>,
    /// Pages that the portal lists but that could not be fetched. If they were fetched earlier, those
    /// files are read.
    failed: Vec<Failed>,
}

/// Fetches the pages that may describe events.
///
/// # Errors
/// Pages are missing that another run may fetch. With `allow_loss`, only if `fetch` gave up before
/// it had requested every page.
pub(super) fn fetch(root: &Path, host: Option<&str>, allow_loss: bool) -> Result<Pages> {
    let folder = root.join(folder_of(host));
    fs::create_dir_all(&folder).into_diagnostic()?;
    // Neither among the pages nor where it could be committed.
    let target = root.join("target");
    fs::create_dir_all(&target).into_diagnostic()?;
    let report = target.join("fetch.json");
    forget(&report)?;
    let status = Command::new(std::env::current_exe().into_diagnostic()?)
        .args(["fetch", "--only-events", "--out"])
        .arg(&folder)
        .arg("--report")
        .arg(&report)
        .args(host.iter().flat_map(|host| ["--host", host]))
        .current_dir(root)
        .status()
        .into_diagnostic()
        .wrap_err("cannot run `cargo xtask fetch`")?;
    let text = match fs::read_to_string(&report) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(miette!(
                help = "its own message above says why",
                "`cargo xtask fetch` failed ({status}), so nothing was regenerated"
            ));
        }
        Err(error) => {
            let which = || format!("cannot read `{}`", report.display());
            return Err(error).into_diagnostic().wrap_err_with(which);
        }
    };
    let summary: Report = serde_json::from_str(&text)
        .into_diagnostic()
        .wrap_err_with(|| {
            format!(
                "`{}` is not a report of `cargo xtask fetch`",
                report.display()
            )
        })?;
    summary.check(allow_loss)?;
    Ok(Pages {
        left: summary.left(&folder),
        failed: summary.failed,
        folder,
    })
}

fn folder_of(host: Option<&str>) -> &'static str {
    let is_lark = host.is_some_and(|host| host.contains("larksuite.com"));
    if is_lark { LARK_DOCS } else { DOCS }
}

/// Removes the report of an earlier run, so that it is not mistaken for this one's.
fn forget(report: &Path) -> Result<()> {
    match fs::remove_file(report) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot remove `{}`", report.display())),
        _ => Ok(()),
    }
}

impl Pages {
    /// The pages of a folder that has all of them.
    pub(super) fn all(folder: PathBuf) -> Self {
        Self {
            folder,
            ..Self::default()
        }
    }

    /// Adds a page that failed.
    #[cfg(test)]
    pub(super) fn with_failed(mut self, path: &str) -> Self {
        self.failed.push(Failed {
            path: path.to_owned(),
            lasting: true,
            absent: false,
        });
        self
    }

    /// The paths of the pages that exist but failed: their events are not treated as withdrawn.
    pub(super) fn unfetched(&self) -> Vec<String> {
        let there = self.failed.iter().filter(|page| !page.absent);
        there.map(|page| page.path.clone()).collect()
    }

    /// The part of the report on pages that failed; empty if none did.
    pub(super) fn section(&self) -> String {
        if self.failed.is_empty() {
            return String::new();
        }
        let mut text =
            "\n## Pages that could not be fetched\n\nWhat was read from them earlier has not \
                        changed.\n\n"
                .to_owned();
        for page in &self.failed {
            // Text of the portal: escaped, so that it can't end the code or control a terminal.
            let path = page.path.escape_debug().to_string().replace('`', "'");
            let why = match page {
                Failed { absent: true, .. } => {
                    "the portal's directory lists it, but the portal has no such page"
                }
                Failed { lasting: true, .. } => "it will fail again until the portal changes it",
                Failed { .. } => "the next run may get it",
            };
            text += &format!("- `{path}`: {why}\n");
        }
        text
    }
}

impl Report {
    /// Checks that enough was fetched to continue.
    ///
    /// # Errors
    /// Pages are missing; the help says what to do.
    fn check(&self, allow_loss: bool) -> Result<()> {
        let again = "run it again: it continues where it stopped";
        if !self.not_tried.is_empty() {
            return Err(miette!(
                help = again,
                "`fetch` gave up before requesting {} pages, so nothing was regenerated",
                self.not_tried.len()
            ));
        }
        // Other pages may fail forever.
        let passing = self.failed.iter().filter(|page| !page.lasting).count();
        if passing == 0 || allow_loss {
            return Ok(());
        }
        Err(miette!(
            help = format!(
                "{again}. If they keep failing, --allow-loss continues without them, with what was \
                 fetched earlier; it accepts other losses too"
            ),
            "{passing} of the pages could not be fetched now (named above), so nothing was \
             regenerated",
        ))
    }

    /// The files of pages that have left the portal, have no text or are no longer fetched.
    fn left(&self, folder: &Path) -> Vec<PathBuf> {
        let pages = self.gone.iter().chain(&self.unwanted);
        let pointers = self.elsewhere.iter().filter_map(|page| page.file.as_ref());
        let files = pages.map(|page| &page.file).chain(pointers);
        // The report names them with or without the folder.
        let full = files.map(|file| {
            if file.starts_with(folder) {
                file.clone()
            } else {
                folder.join(file)
            }
        });
        full.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(gone: &str, failed: &str, not_tried: &str) -> Report {
        let json = format!(
            r#"{{"wanted": 9, "gone": [{gone}], "failed": [{failed}], "not_tried": [{not_tried}],
                "elsewhere": [{{"path": "/e", "file": "e.md"}}, {{"path": "/n", "file": null}}],
                "unwanted": [{{"path": "/u", "file": "u.md"}}]}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn files_of_pages_that_left_are_found_however_they_are_written() {
        let gone = r#"{"path": "/a", "file": "a.md"}, {"path": "/b", "file": "p/docs/b.md"}"#;
        let found = summary(gone, "", "").left(Path::new("p/docs"));
        let files = ["a.md", "b.md", "u.md", "e.md"].map(|file| Path::new("p/docs").join(file));
        assert_eq!(found, files);
        assert!(serde_json::from_str::<Report>("{}").is_err());
    }

    const EMPTY: &str = r#"{"path": "/empty", "name": "E", "reason": "no text", "lasting": true,
        "absent": false}"#;
    const BUSY: &str = r#"{"path": "/busy", "name": "B", "reason": "HTTP 502", "lasting": false,
        "absent": false}"#;
    const ABSENT: &str = r#"{"path": "/absent", "name": "A", "reason": "HTTP 404", "lasting": true,
        "absent": true}"#;

    #[test]
    fn a_page_is_missing_only_if_the_portal_says_so() {
        let odd =
            r#"{"path": "/a`\n", "name": "", "reason": "", "lasting": false, "absent": false}"#;
        let failed = [EMPTY, ABSENT, BUSY, odd].join(", ");
        let pages = Pages {
            failed: summary("", &failed, "").failed,
            ..Pages::default()
        };
        assert_eq!(pages.unfetched(), ["/empty", "/busy", "/a`\n"]);
        let section = pages.section();
        let lines: Vec<&str> = section
            .lines()
            .filter(|line| line.starts_with("- "))
            .collect();
        let expected = [
            "- `/empty`: it will fail again until the portal changes it",
            "- `/absent`: the portal's directory lists it, but the portal has no such page",
            "- `/busy`: the next run may get it",
            "- `/a'\\n`: the next run may get it",
        ];
        assert_eq!(lines, expected);
        assert_eq!(Pages::default().section(), "");
    }

    /// The help of the error, if there is one.
    fn help(failed: &str, not_tried: &str, allow_loss: bool) -> Option<String> {
        let checked = summary("", failed, not_tried).check(allow_loss);
        checked.err().map(|error| error.help().unwrap().to_string())
    }

    #[test]
    fn a_page_that_always_fails_does_not_stop_the_run() {
        for failed in ["", EMPTY, ABSENT, &format!("{EMPTY}, {ABSENT}")] {
            assert_eq!(help(failed, "", false), None, "{failed}");
        }
        for failed in [BUSY, &format!("{EMPTY}, {BUSY}")] {
            let help_text = help(failed, "", false).unwrap();
            assert!(help_text.starts_with("run it again: it continues where it stopped. "));
            assert_eq!(help(failed, "", true), None, "{failed}");
        }
    }

    #[test]
    fn a_fetch_that_gave_up_always_stops_the_run() {
        for allow_loss in [false, true] {
            let help_text = help(BUSY, r#""/a", "/b""#, allow_loss).unwrap();
            assert_eq!(help_text, "run it again: it continues where it stopped");
        }
    }
}
