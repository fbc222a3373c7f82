//! Files and folders named by the user → the files to read.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::ScrapeError;
use crate::pages::decode::MOST_BYTES;

/// How the names of pages end. What is in a file is seen when it is read.
const ENDINGS: [&str; 6] = ["md", "markdown", "txt", "html", "htm", "json"];

/// The files to read, each once, in an order that doesn't depend on that of `inputs`.
///
/// A folder gives its pages, at any depth; a file is taken whatever its name.
pub(super) fn collect(inputs: &[PathBuf]) -> Result<BTreeSet<PathBuf>, ScrapeError> {
    let mut files = BTreeSet::new();
    let mut folders = Vec::new();
    for input in inputs {
        let metadata = std::fs::metadata(input).map_err(|e| ScrapeError::read(input, e))?;
        if metadata.is_dir() {
            folders.push(input.clone());
        } else {
            files.insert(input.clone());
        }
    }
    while let Some(folder) = folders.pop() {
        let unreadable = |source| ScrapeError::read(&folder, source);
        for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // A link to a folder is not followed: it may lead back up.
            let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
            if is_folder {
                folders.push(entry.path());
            } else if is_page(&entry.path()) {
                files.insert(entry.path());
            }
        }
    }
    if files.is_empty() {
        let inputs: Vec<String> = inputs
            .iter()
            .map(|input| format!("`{}`", shown(input)))
            .collect();
        let inputs = inputs.join(", ");
        return Err(ScrapeError::NoPages { inputs });
    }
    Ok(files)
}

/// The bytes of a file; of one that is too large for a page, one more than a page may have.
pub(super) fn read(file: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(file)?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    File::open(file)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_page(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        let mut endings = ENDINGS.iter();
        endings.any(|ending| extension.eq_ignore_ascii_case(ending))
    })
}

/// A path as messages and reports show it, the same on every system.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
