//! Reads the schemas of a revision with the `git` command.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use miette::Diagnostic;
use thiserror::Error;

/// Why schemas could not be read from a revision.
#[derive(Debug, Error, Diagnostic)]
pub enum GitError {
    /// The command can't be run.
    #[error("cannot run `git`: {0}")]
    NoGit(std::io::Error),
    /// There is no such revision.
    #[error("`{name}` is neither a folder nor a git revision: {stderr}")]
    #[diagnostic(help(
        "name a folder of schemas (`schemas`), or a revision of this repository (`HEAD`, \
         `v0.1.0`, `main~3`)"
    ))]
    NoRevision {
        /// What was named.
        name: String,
        /// git's message.
        stderr: String,
    },
    /// The revision has no schemas.
    #[error("the revision `{revision}` has no folder `{folder}`")]
    NoFolder {
        /// The revision.
        revision: String,
        /// The folder.
        folder: String,
    },
    /// git failed, or its output is not of the expected form.
    #[error("`git {command}` failed: {stderr}")]
    Failed {
        /// The command.
        command: String,
        /// What git says.
        stderr: String,
    },
}

/// The id of the tree of `folder` in `revision`: the same for the same files, whatever the commit.
///
/// # Errors
/// No such revision, or no such folder in it.
pub fn tree_id(root: &Path, revision: &str, folder: &str) -> Result<String, GitError> {
    let commit = format!("{revision}^{{commit}}");
    let found = git(
        root,
        &["rev-parse", "--verify", "--end-of-options", &commit],
    )?;
    if !found.status.success() {
        return Err(GitError::NoRevision {
            name: revision.to_owned(),
            stderr: said(&found),
        });
    }
    // From here on the commit's id is used, so that no name can be misread.
    let commit = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    let place = format!("{commit}:./{folder}");
    let found = git(root, &["rev-parse", "--verify", "--end-of-options", &place])?;
    if found.status.success() {
        Ok(String::from_utf8_lossy(&found.stdout).trim().to_owned())
    } else {
        Err(GitError::NoFolder {
            revision: revision.to_owned(),
            folder: folder.to_owned(),
        })
    }
}

/// The JSON files of the tree `id`, by their paths in it.
///
/// # Errors
/// A tree that git can't read.
pub(super) fn json_files(root: &Path, id: &str) -> Result<BTreeMap<PathBuf, String>, GitError> {
    let listing = git(root, &["ls-tree", "-r", "-z", id])?;
    if !listing.status.success() {
        return Err(failed("ls-tree", &said(&listing)));
    }
    let listing = String::from_utf8_lossy(&listing.stdout).into_owned();
    // `<mode> blob <id>\t<path>`
    let entries = listing.split('\0').filter_map(|entry| {
        let (facts, path) = entry.split_once('\t')?;
        let (_, id) = facts.rsplit_once(' ')?;
        let path = PathBuf::from(path);
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        is_json.then(|| (path, id.to_owned()))
    });
    let entries: Vec<(PathBuf, String)> = entries.collect();
    if entries.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<&str> = entries.iter().map(|(_, id)| id.as_str()).collect();
    let ids = ids.join("\n") + "\n";
    let texts = blobs(root, ids, entries.len())?;
    Ok(entries
        .into_iter()
        .map(|(path, _)| path)
        .zip(texts)
        .collect())
}

/// The texts of the blobs with these ids, one id per line.
fn blobs(root: &Path, ids: String, count: usize) -> Result<Vec<String>, GitError> {
    let mut child = command(root, &["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(GitError::NoGit)?;
    let input = child.stdin.take();
    // Written from another thread, because git answers while it still reads.
    let asking = thread::spawn(move || {
        if let Some(mut input) = input {
            // If git has ended, its output shows that.
            let _ = input.write_all(ids.as_bytes());
        }
    });
    let mut answer = Vec::new();
    if let Some(mut output) = child.stdout.take() {
        output.read_to_end(&mut answer).map_err(GitError::NoGit)?;
    }
    let _ = asking.join();
    child.wait().map_err(GitError::NoGit)?;
    let mut texts = Vec::with_capacity(count);
    let mut rest = answer.as_slice();
    while let Some((text, behind)) = next_blob(rest) {
        texts.push(text);
        rest = behind;
    }
    if texts.len() == count && rest.is_empty() {
        Ok(texts)
    } else {
        let stderr =
            String::from_utf8_lossy(rest.split(|byte| *byte == b'\n').next().unwrap_or(&[]));
        Err(failed("cat-file", &stderr))
    }
}

/// `<id> blob <length>\n<text>\n` → the text, and the rest.
fn next_blob(answer: &[u8]) -> Option<(String, &[u8])> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let facts = std::str::from_utf8(&answer[..end]).ok()?;
    let (facts, length) = facts.rsplit_once(' ')?;
    let length: usize = length.parse().ok().filter(|_| facts.ends_with(" blob"))?;
    let text = answer.get(end + 1..)?.get(..length)?;
    let behind = answer.get(end + 1 + length + 1..)?;
    Some((String::from_utf8_lossy(text).into_owned(), behind))
}

fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments);
    command
}

fn git(root: &Path, arguments: &[&str]) -> Result<Output, GitError> {
    command(root, arguments).output().map_err(GitError::NoGit)
}

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or("no message");
    said.trim_start_matches("fatal: ").to_owned()
}

fn failed(command: &str, stderr: &str) -> GitError {
    GitError::Failed {
        command: command.to_owned(),
        stderr: stderr.to_owned(),
    }
}
