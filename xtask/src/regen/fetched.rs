//! The portal's pages, by way of `cargo xtask fetch`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use miette::{Context, IntoDiagnostic, Result, miette};
use serde::Deserialize;

/// The folder for the pages, below the root of the project.
const DOCS: &str = "docs";

/// A folder of pages.
#[derive(Debug)]
pub(super) struct Pages {
    /// The folder.
    pub(super) folder: PathBuf,
    /// Files in it whose page has left the portal: they stay there, but are not to be read.
    pub(super) left: Vec<PathBuf>,
}

/// What is needed of the report of `fetch`.
#[derive(Debug, Deserialize)]
struct Summary {
    gone: Vec<Gone>,
}

#[derive(Debug, Deserialize)]
struct Gone {
    file: PathBuf,
}

/// Fetches the pages that may describe events.
///
/// # Errors
/// Pages that could not be fetched: what is there may be half of it.
pub(super) fn fetch(root: &Path, host: Option<&str>) -> Result<Pages> {
    let folder = root.join(DOCS);
    fs::create_dir_all(&folder).into_diagnostic()?;
    // Not among the pages, and nothing that could be committed.
    let target = root.join("target");
    fs::create_dir_all(&target).into_diagnostic()?;
    let report = target.join("fetch.json");
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
    if !status.success() {
        return Err(miette!(
            help = "run it again: it goes on where it stopped",
            "not all pages could be fetched, so nothing was regenerated"
        ));
    }
    let text = fs::read_to_string(&report).into_diagnostic();
    let text = text.wrap_err_with(|| format!("cannot read `{}`", report.display()))?;
    Ok(Pages {
        left: left(&text, &folder)
            .wrap_err_with(|| format!("`{}` is no report of `fetch`", report.display()))?,
        folder,
    })
}

/// The files whose page has left the portal.
fn left(report: &str, folder: &Path) -> Result<Vec<PathBuf>> {
    let summary: Summary = serde_json::from_str(report).into_diagnostic()?;
    let files = summary.gone.into_iter().map(|gone| gone.file);
    // Told below the folder or with it.
    let full = files.map(|file| {
        if file.starts_with(folder) {
            file
        } else {
            folder.join(file)
        }
    });
    Ok(full.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_pages_that_left_are_found_however_they_are_told() {
        let report = r#"{"wanted": 2, "gone": [
            {"path": "/a", "file": "a.md"}, {"path": "/b", "file": "p/docs/b.md"}]}"#;
        let found = left(report, Path::new("p/docs")).unwrap();
        assert_eq!(found, ["p/docs/a.md", "p/docs/b.md"].map(PathBuf::from));
        assert!(left("{}", Path::new("p")).is_err());
    }
}
