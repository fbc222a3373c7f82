//! What can be wrong with a set of schemas.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why schemas could not be read, or no code could be generated from them.
///
/// `Debug` writes the same sentence as `Display`: what a build script's `main` returns is printed with
/// `Debug`.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
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
    /// An event that nothing can be generated for.
    #[error("{}: {problem}", path.display())]
    Event {
        /// The file of its schema.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A row of a schema that no type can be made of.
    #[error("{}: row {row}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The number of the row, from 1.
        row: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A correction that corrects nothing.
    #[error("{}: `{field}`: {problem}", path.display())]
    Correction {
        /// The file of the overlay.
        path: PathBuf,
        /// The field to correct, or the event if it is that which is not there.
        field: String,
        /// What is wrong with the correction.
        problem: String,
    },
    /// Entries of the overlay that say something about nothing.
    #[error("nothing is left that these entries are about, remove them:{}", list(.0))]
    Unused(Vec<String>),
    /// Entries of the overlay that fit only in part.
    #[error("these entries don't fit what the schemas say:{}", list(.0))]
    Misfits(Vec<String>),
    /// The environment of a build script is missing.
    #[error("`OUT_DIR` is not set: this function is for build scripts")]
    NoOutDir,
    /// The path of `feishu-events` that was given is not a path.
    #[error("`{0}` is not a path of the crate `feishu-events`, such as `::feishu_events`")]
    CratePath(String),
    /// The manifest has no place for the features.
    #[error("{}: no line `{}` and after it `{}`", manifest.display(), begin.trim(), end.trim())]
    NoMarker {
        /// The manifest.
        manifest: PathBuf,
        /// The line after which the features stand.
        begin: &'static str,
        /// The line before which they end.
        end: &'static str,
    },
    /// Generated code that does not parse: a mistake of the generator.
    #[error("generated code for {file} does not parse: {problem}")]
    Emit {
        /// The file that was to be written.
        file: String,
        /// What the parser said.
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
