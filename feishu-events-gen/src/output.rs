//! A set of generated files, to write or to compare with existing ones.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Generated files by path, and the folders that contain only generated files.
#[derive(Debug, Default)]
pub struct Output {
    files: BTreeMap<PathBuf, String>,
    folders: Vec<PathBuf>,
}

/// A file that differs from what is generated.
#[derive(Debug, PartialEq, Eq)]
pub struct Stale {
    /// The file, below the root that it was compared in.
    pub path: PathBuf,
    /// The kind of difference.
    pub how: Staleness,
}

/// How a file differs from what is generated.
#[derive(Debug, PartialEq, Eq)]
pub enum Staleness {
    /// It does not exist.
    Missing,
    /// It exists and is not generated.
    Extra,
    /// Its text differs.
    Different {
        /// The number of the first line that differs, from 1.
        line: usize,
        /// That line as generated.
        expected: String,
        /// That line in the existing file.
        found: String,
    },
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.how {
            Staleness::Missing => write!(f, "{path}: missing"),
            Staleness::Extra => write!(f, "{path}: no longer generated"),
            Staleness::Different {
                line,
                expected,
                found,
            } => {
                write!(
                    f,
                    "{path}:{line}: stale\n  is:        {found}\n  should be: {expected}"
                )
            }
        }
    }
}

impl Output {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<PathBuf>, text: String) {
        self.files.insert(path.into(), text);
    }

    /// Marks a folder as containing only generated files: others in it are stale.
    pub fn own_folder(&mut self, path: impl Into<PathBuf>) {
        self.folders.push(path.into());
    }

    /// The text of a generated file.
    pub fn get(&self, path: impl AsRef<Path>) -> Option<&str> {
        self.files.get(path.as_ref()).map(String::as_str)
    }

    /// How many files are generated.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether no file is generated.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files below `root` that differ from what is generated, sorted by path.
    ///
    /// # Errors
    /// A file or folder that cannot be read.
    pub fn compare(&self, root: &Path) -> Result<Vec<Stale>> {
        let mut stale = Vec::new();
        for (path, expected) in &self.files {
            let found = match fs::read_to_string(root.join(path)) {
                Ok(found) if found == *expected => continue,
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    stale.push(Stale {
                        path: path.clone(),
                        how: Staleness::Missing,
                    });
                    continue;
                }
                Err(source) => {
                    return Err(Error::Io {
                        path: root.join(path),
                        source,
                    });
                }
            };
            stale.push(Stale {
                path: path.clone(),
                how: first_difference(expected, &found),
            });
        }
        for folder in &self.folders {
            for path in files_below(&root.join(folder))? {
                let path = path.strip_prefix(root).unwrap_or(&path).to_owned();
                if !self.files.contains_key(&path) {
                    stale.push(Stale {
                        path,
                        how: Staleness::Extra,
                    });
                }
            }
        }
        stale.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(stale)
    }

    /// Writes files that differ and removes files that are no longer generated; leaves the others
    /// untouched. Returns what it changed.
    ///
    /// # Errors
    /// A file or folder that cannot be read, written or removed.
    pub fn write(&self, root: &Path) -> Result<Vec<Stale>> {
        let stale = self.compare(root)?;
        for Stale { path, how } in &stale {
            let full = root.join(path);
            let done = match (how, self.files.get(path)) {
                (Staleness::Extra, _) | (_, None) => fs::remove_file(&full),
                (_, Some(text)) => write_if_changed(&full, text).map(|_| ()),
            };
            done.map_err(|source| Error::Io { path: full, source })?;
        }
        Ok(stale)
    }
}

/// Writes `text` to `file`, unless it has this content already, and creates its folder. Returns whether
/// it was written.
///
/// The write is atomic: an interrupted run leaves no incomplete file.
///
/// # Errors
/// A file that cannot be written.
pub fn write_if_changed(file: &Path, text: &str) -> io::Result<bool> {
    if fs::read(file).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    replace(file, beside.as_ref(), text)?;
    Ok(true)
}

/// Replaces the content of `file` by `text`, and creates its folder. The text is first written to
/// `beside`, a file in the same folder, and then renamed, so that readers see either the old text or the
/// new one. On failure, `beside` is removed.
///
/// It is for regular files: a symbolic link at `file` is replaced, not followed. A run that is killed may
/// leave `beside`.
///
/// It does not sync the file to disk, which is slow: after a power loss, the file may be truncated.
///
/// # Errors
/// A file that cannot be written.
pub fn replace(file: &Path, beside: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(beside, text)
        .and_then(|()| fs::rename(beside, file))
        .inspect_err(|_| {
            // The cause of this failure has already been reported.
            let _ = fs::remove_file(beside);
        })
}

fn first_difference(expected: &str, found: &str) -> Staleness {
    let (mut expected, mut found) = (expected.lines(), found.lines());
    let mut line = 1;
    loop {
        match (expected.next(), found.next()) {
            (Some(a), Some(b)) if a == b => line += 1,
            (a, b) => {
                let text = |line: Option<&str>| line.unwrap_or("(end of file)").to_owned();
                return Staleness::Different {
                    line,
                    expected: text(a),
                    found: text(b),
                };
            }
        }
    }
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let io_error = |source| Error::Io {
        path: folder.to_owned(),
        source,
    };
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(io_error(source)),
    };
    let mut files = Vec::new();
    for entry in listing {
        let entry = entry.map_err(io_error)?;
        if entry.file_type().map_err(io_error)?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    Ok(files)
}
