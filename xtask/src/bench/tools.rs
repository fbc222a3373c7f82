//! How long the commands `scrape` and `generate` take.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use feishu_events_benches::{Row, Unit};
use miette::{IntoDiagnostic, Result, miette};

use super::program::Report;

/// How often each is run.
const TIMES: usize = 5;

/// Measures both.
///
/// # Errors
/// A command that fails.
pub(super) fn measure(root: &Path, docs: Option<&Path>) -> Result<Report> {
    let mut report = Report::default();
    match docs.map(|docs| docs.join("2026-03")) {
        Some(pages) if pages.is_dir() => {
            let count = count(&pages)?;
            let what = format!("`cargo xtask scrape`, {count} pages");
            let seconds = median(|| {
                let out = root.join("target/bench-scrape");
                drop(std::fs::remove_dir_all(&out));
                let mut scrape = xtask(root)?;
                scrape.arg("scrape").arg(&pages).arg("--out").arg(out);
                Ok(scrape)
            })?;
            report.rows.push(Row::alone(what, Unit::Seconds, seconds));
        }
        Some(pages) => report.skipped.push(format!(
            "scrape: the folder {} does not exist",
            pages.display()
        )),
        None => report
            .skipped
            .push("scrape: FEISHU_DOCS is not set".to_owned()),
    }
    let seconds = median(|| {
        let mut generate = xtask(root)?;
        generate.args(["generate", "--check"]);
        Ok(generate)
    })?;
    let what = "`cargo xtask generate`, all services";
    report.rows.push(Row::alone(what, Unit::Seconds, seconds));
    Ok(report)
}

/// This program, as cargo built it.
fn xtask(root: &Path) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().into_diagnostic()?);
    command.current_dir(root).stderr(Stdio::null());
    Ok(command)
}

/// The median time of a command.
fn median(mut command: impl FnMut() -> Result<Command>) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let mut command = command()?;
        let begun = Instant::now();
        let status = command.status().into_diagnostic()?;
        times.push(begun.elapsed().as_secs_f64());
        if !status.success() {
            return Err(miette!("{command:?}: {status}"));
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// The number of files in a folder and its subfolders.
fn count(folder: &Path) -> Result<usize> {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).into_diagnostic()? {
        let path = entry.into_diagnostic()?.path();
        files += if path.is_dir() { count(&path)? } else { 1 };
    }
    Ok(files)
}
