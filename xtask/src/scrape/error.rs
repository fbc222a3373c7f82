//! Files that can't be read or written.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

/// What keeps a whole run from going on.
#[derive(Debug, Error, Diagnostic)]
pub enum ScrapeError {
    /// An input that can't be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A result that can't be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A schema of an earlier run that can't be understood; the error names file and line.
    #[error("the schemas that are there can't be read; nothing was written")]
    #[diagnostic(help(
        "put the file right, or take the committed one back with `git checkout`: what it says is \
         compared with the pages before it is written over"
    ))]
    Earlier(#[from] feishu_events_gen::Error),
    /// Inputs without any page.
    #[error("no pages in {inputs}")]
    #[diagnostic(help(
        "pages are files that end in `.md`, `.markdown`, `.txt`, `.html`, `.htm` or `.json`"
    ))]
    NoPages {
        /// The inputs.
        inputs: String,
    },
}

impl ScrapeError {
    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::Read { path, source }
    }

    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::Write { path, source }
    }
}
