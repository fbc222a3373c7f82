//! The folder of pages: its files, and atomic writes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::output::replace;
use thiserror::Error;

use crate::page_file::{self, Origin};

/// The prefix and suffix of incomplete files. No page's file has such a name, and `scrape` skips
/// them.
const HALF: (&str, &str) = (".fetch-", ".part");

/// The folder of pages.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    pages: BTreeMap<PathBuf, Origin>,
}

/// A file or folder that can't be used.
#[derive(Debug, Error)]
#[error("{path}: {source}")]
pub(crate) struct FolderError {
    path: String,
    source: io::Error,
}

impl FolderError {
    fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |source| Self { path, source }
    }
}

impl Folder {
    /// Reads the folder, which is created if it does not exist, and removes incomplete files of an
    /// interrupted run.
    pub(crate) fn open(root: &Path) -> Result<Self, FolderError> {
        fs::create_dir_all(root).map_err(FolderError::at(root))?;
        let mut folder = Self {
            root: root.to_owned(),
            pages: BTreeMap::new(),
        };
        let mut open = vec![PathBuf::new()];
        while let Some(below) = open.pop() {
            let path = root.join(&below);
            for entry in fs::read_dir(&path).map_err(FolderError::at(&path))? {
                let entry = entry.map_err(FolderError::at(&path))?;
                let kind = entry.file_type().map_err(FolderError::at(&entry.path()))?;
                let below = below.join(entry.file_name());
                // Links are not followed, because they may lead out of the folder.
                if kind.is_dir() {
                    open.push(below);
                } else if kind.is_file() {
                    folder.look_at(below)?;
                }
            }
        }
        Ok(folder)
    }

    fn look_at(&mut self, below: PathBuf) -> Result<(), FolderError> {
        let path = self.root.join(&below);
        let name = below.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(HALF.0) && name.ends_with(HALF.1) {
            return fs::remove_file(&path).map_err(FolderError::at(&path));
        }
        if name.ends_with(".md")
            && let Some(origin) = page_file::origin(&path).map_err(FolderError::at(&path))?
        {
            self.pages.insert(below, origin);
        }
        Ok(())
    }

    /// The files that were written by `fetch`, with their origin.
    pub(crate) fn pages(&self) -> &BTreeMap<PathBuf, Origin> {
        &self.pages
    }

    /// The full path of a file.
    pub(crate) fn place(&self, below: &Path) -> PathBuf {
        self.root.join(below)
    }

    /// The content of a file.
    pub(crate) fn read(&self, below: &Path) -> Result<String, FolderError> {
        let path = self.place(below);
        fs::read_to_string(&path).map_err(FolderError::at(&path))
    }

    /// Writes the file atomically: a reader sees the whole old file or the whole new one, also after a crash.
    pub(crate) fn write(&self, below: &Path, text: &str) -> Result<(), FolderError> {
        let path = self.place(below);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let half = path.with_file_name(format!("{}{name}{}", HALF.0, HALF.1));
        // If this run is interrupted, the next one removes the incomplete file; after a power loss, the
        // next one sees by the length that the text is incomplete.
        replace(&path, &half, text).map_err(FolderError::at(&path))
    }
}
