//! The folders that schemas and their overlay are read from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The folder of the overlay, below that of the schemas.
pub(crate) const OVERLAY: &str = "overlay";

/// The paths in a folder, sorted.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = fs::read_dir(folder).map_err(|source| io_error(folder, source))?;
    let mut paths = Vec::new();
    for entry in listing {
        paths.push(entry.map_err(|source| io_error(folder, source))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// The last part of a path, as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

pub(crate) fn io_error(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}
