//! Runs the command, and looks at what it leaves.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::portal::Portal;
use crate::shared_docs;

/// A folder for pages, and the portal that they come from.
pub(crate) struct Place {
    pub(crate) portal: Portal,
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    pub(crate) report: Value,
}

impl Ended {
    /// The paths in a list of the report.
    pub(crate) fn paths(&self, list: &str) -> Vec<&str> {
        let list = self.report[list].as_array().unwrap().iter();
        let mut paths: Vec<&str> = list.map(|it| it["path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        paths
    }

    /// The last line: the numbers.
    pub(crate) fn numbers(&self) -> &str {
        self.stderr.lines().last().unwrap()
    }
}

impl Place {
    /// A new folder for the portal's pages.
    pub(crate) fn of(portal: &Portal) -> Self {
        Self {
            portal: portal.clone(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Where the pages come to lie.
    pub(crate) fn docs(&self) -> PathBuf {
        self.folder.path().join("docs")
    }

    /// What lies beside the pages.
    pub(crate) fn beside(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-fetch"));
        // Else a proxy of this machine would be asked.
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
            .args(["--host", &self.portal.host, "--pause", "0.01", "--out"])
            .arg(self.docs())
            .arg("--report")
            .arg(self.folder.path().join("report.json"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Starts the command.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    /// Runs the command to its end.
    pub(crate) async fn fetch(&self, args: &[&str]) -> Ended {
        self.fetch_with(args, &[]).await
    }

    /// Runs the command to its end, with more in its environment.
    pub(crate) async fn fetch_with(&self, args: &[&str], env: &[(&str, &str)]) -> Ended {
        let mut command = self.command(args);
        let output = command.envs(env.iter().copied()).output().await.unwrap();
        assert!(output.stdout.is_empty());
        let report = std::fs::read(self.folder.path().join("report.json"));
        Ended {
            code: output.status.code(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            report: report.map_or(Value::Null, |json| serde_json::from_slice(&json).unwrap()),
        }
    }

    /// All files with what they hold.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, String> {
        files(&self.docs())
    }
}

/// All files of a folder with what they hold.
pub(crate) fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    if !folder.exists() {
        return BTreeMap::new();
    }
    let files = shared_docs::files(folder.to_owned()).into_iter();
    let files = files.map(|file| {
        let text = std::fs::read_to_string(&file).unwrap();
        (file.strip_prefix(folder).unwrap().to_owned(), text)
    });
    files.collect()
}
