//! Programs that measure, and their output.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use feishu_events_benches::Row;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use serde::Deserialize;

use super::DOCS;

/// The results of a measurement.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The figures.
    pub(super) rows: Vec<Row>,
    /// Notes on how it was measured.
    pub(super) notes: Vec<String>,
    /// What was not measured, and why.
    pub(super) skipped: Vec<String>,
}

/// A line that a program prints with `--json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Row(Row),
    Note(String),
    Skipped(String),
}

impl Report {
    /// Adds the results of another program.
    pub(super) fn add(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.notes.extend(other.notes);
        self.skipped.extend(other.skipped);
    }

    /// Parses the output of a program.
    ///
    /// # Errors
    /// A line that is not part of a measurement.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut report = Self::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let line = serde_json::from_str(line)
                .into_diagnostic()
                .wrap_err_with(|| format!("not a line of a measurement: {line}"))?;
            match line {
                Line::Row(row) => report.rows.push(row),
                Line::Note(note) => report.notes.push(note),
                Line::Skipped(why) => report.skipped.push(why),
            }
        }
        Ok(report)
    }
}

/// A program that measures, built by cargo.
pub(super) struct Program {
    command: Command,
    /// Its arguments besides `--json`.
    arguments: Vec<String>,
}

impl Program {
    fn cargo(root: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO"));
        // Incremental builds make slower programs.
        command.env_remove("CARGO_INCREMENTAL");
        command.current_dir(root).args(arguments);
        Self {
            command,
            arguments: Vec::new(),
        }
    }

    /// A benchmark of `feishu-events-benches`.
    pub(super) fn bench(root: &Path, name: &str) -> Self {
        let options = ["bench", "--quiet", "--package", "feishu-events-benches"];
        let mut program = Self::cargo(root, &options);
        program.command.args(["--bench", name]);
        program
    }

    /// A command of its benchmark `load`.
    pub(super) fn load(root: &Path, command: &str) -> Self {
        let mut program = Self::bench(root, "load");
        program.arguments.push(command.to_owned());
        program
    }

    /// A command of the inbox's benchmark, which starts servers of its own.
    pub(super) fn inbox(root: &Path, command: &str) -> Self {
        let options = ["bench", "--quiet", "--package", "feishu-events-inbox"];
        let mut program = Self::cargo(root, &options);
        program.command.args(["--all-features", "--bench", "speed"]);
        program.arguments.push(command.to_owned());
        program
    }

    /// The comparison with other crates, which is not a member of the workspace.
    pub(super) fn peers(root: &Path) -> Self {
        let options = [
            "run",
            "--quiet",
            "--release",
            "--locked",
            "--bin",
            "compare",
        ];
        let mut program = Self::cargo(root, &options);
        let (command, crates) = (&mut program.command, root.join(PEERS));
        command
            .arg("--manifest-path")
            .arg(crates.join("Cargo.toml"));
        command.arg("--target-dir").arg(root.join("target/peers"));
        program
    }

    /// Sets these environment variables.
    pub(super) fn envs(mut self, variables: Vec<(&str, OsString)>) -> Self {
        self.command.envs(variables);
        self
    }

    /// Sets the folder of the documentation.
    pub(super) fn docs(mut self, folder: Option<&Path>) -> Self {
        if let Some(folder) = folder {
            self.command.env(DOCS, folder);
        }
        self
    }

    /// The value of this environment variable, if it is set.
    #[cfg(test)]
    pub(super) fn variable(&self, name: &str) -> Option<&std::ffi::OsStr> {
        let mut variables = self.command.get_envs();
        variables.find(|(key, _)| *key == name)?.1
    }

    /// Builds and runs it.
    ///
    /// # Errors
    /// It does not build, fails, or prints something other than measurements.
    pub(super) fn run(mut self) -> Result<Report> {
        self.command.arg("--").args(&self.arguments).arg("--json");
        let output = self
            .command
            .stderr(Stdio::inherit())
            .output()
            .into_diagnostic()?;
        if !output.status.success() {
            return Err(miette!("{:?}: {}", self.command, output.status));
        }
        Report::parse(&String::from_utf8_lossy(&output.stdout))
    }
}

/// The folder of the crate that depends on others' crates.
pub(super) const PEERS: &str = "feishu-events/peers/community";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_prints_is_read() {
        let report = Report::parse(
            r#"{"row":{"what":"a","beside":"b","side":"peer","unit":"seconds","ours":2.0,"theirs":1.0,"ratio":0.5}}
               {"row":{"what":"c","beside":"d","side":"floor","unit":"per_second","ours":1.0,"theirs":2.0,"ratio":0.5}}
               {"note":"3 samples"}

               {"skipped":"no SDK"}"#,
        );
        let report = report.unwrap();
        assert_eq!(report.notes, ["3 samples"]);
        assert_eq!(report.skipped, ["no SDK"]);
        // A floor does not count as a peer that is ahead.
        let behind: Vec<&Row> = report.rows.iter().filter(|row| row.is_behind()).collect();
        assert_eq!(behind, [&report.rows[0]]);
        assert_eq!(behind[0].in_words(), "a: 2.00 s; b: 1.00 s; ratio 0.50");
    }

    #[test]
    fn other_output_is_an_error_that_quotes_it() {
        let error = Report::parse("thread 'main' panicked").unwrap_err();
        assert!(error.to_string().contains("thread 'main' panicked"));
    }
}
