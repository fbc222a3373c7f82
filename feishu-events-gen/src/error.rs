//! The error of reading schemas and generating code.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why schemas could not be read, or code could not be generated from them.
///
/// `Debug` writes the same text as `Display`, because the error that a build script's `main` returns is
/// printed with `Debug`.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A file is not a schema; the source names line and column.
    #[error("{}: {source}", path.display())]
    Schema {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        source: serde_json::Error,
    },
    /// A schema's file is not where its event type says.
    #[error("{}: documents `{event_type}`, which belongs in `{expected}`", path.display())]
    Misplaced {
        /// The file.
        path: PathBuf,
        /// The event that it documents.
        event_type: String,
        /// Where it belongs, below the folder of schemas.
        expected: String,
    },
    /// Two files document one event.
    #[error("`{event_type}` is documented in {} and in {}", first.display(), second.display())]
    Twice {
        /// The event.
        event_type: String,
        /// One file.
        first: PathBuf,
        /// The other file.
        second: PathBuf,
    },
    /// An event for which nothing can be generated.
    #[error("{}: {problem}", path.display())]
    Event {
        /// The file of its schema.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A row of a schema from which no type can be generated.
    #[error("{}: row {row}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The number of the row, from 1.
        row: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A correction or addition of the overlay that cannot be applied.
    #[error("{}: `{field}`: {problem}", path.display())]
    Correction {
        /// The file of the overlay.
        path: PathBuf,
        /// The field, or the event if the event itself is unknown.
        field: String,
        /// Why it cannot be applied.
        problem: String,
    },
    /// Entries of the overlay that match nothing in the schemas.
    #[error("these entries of the overlay match nothing in the schemas, remove them:{}", list(.0))]
    Unused(Vec<String>),
    /// Entries of the overlay that contradict the schemas.
    #[error("these entries of the overlay contradict the schemas:{}", list(.0))]
    Misfits(Vec<String>),
    /// The environment of a build script is missing.
    #[error("`OUT_DIR` is not set: this function is for build scripts")]
    NoOutDir,
    /// The path given for `feishu-events` is not a path.
    #[error("`{0}` is not a path of the crate `feishu-events`, such as `::feishu_events`")]
    CratePath(String),
    /// The manifest lacks the markers between which the features are written.
    #[error("{}: no line `{}` followed by a line `{}`", manifest.display(), begin.trim(), end.trim())]
    NoMarker {
        /// The manifest.
        manifest: PathBuf,
        /// The line before the features.
        begin: &'static str,
        /// The line after them.
        end: &'static str,
    },
    /// Generated code that does not parse, which is a bug of the generator.
    #[error("generated code for {file} does not parse: {problem}")]
    Emit {
        /// The file that was to be written.
        file: String,
        /// The parser's error.
        problem: String,
    },
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn list(entries: &[String]) -> String {
    let lines = entries.iter().map(|entry| format!("\n  overlay/{entry}"));
    lines.collect()
}

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;
