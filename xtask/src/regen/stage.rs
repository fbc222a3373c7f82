//! A copy of the files that a run may change, so that the project changes only at the end.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::{Context, IntoDiagnostic, Result, miette};
use tempfile::TempDir;

/// What a run may change, below the root of the project.
const PARTS: [&str; 7] = [
    "schemas",
    "feishu-events/src/generated",
    "feishu-events-macros/src/generated",
    "feishu-events/Cargo.toml",
    "feishu-events/docs",
    "CHANGELOG.md",
    "README.md",
];

/// The copy.
pub(super) struct Stage {
    folder: TempDir,
}

impl Stage {
    /// A copy of the project at `root`.
    ///
    /// # Errors
    /// Files that can't be read or copied.
    pub(super) fn of(root: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().into_diagnostic()?;
        for (path, text) in files(root)? {
            let to = folder.path().join(&path);
            let done = write(&to, &text).into_diagnostic();
            done.wrap_err_with(|| format!("cannot copy `{}`", path.display()))?;
        }
        Ok(Self { folder })
    }

    /// The root of the copy.
    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Replaces paths of the copy in an error by those of the project at `root`.
    pub(super) fn in_project(&self, error: &miette::Report, root: &Path) -> miette::Report {
        let copy = self.root().display().to_string();
        let text = |text: String| text.replace(&copy, &root.display().to_string());
        let mut causes: Vec<String> = error.chain().map(|cause| text(cause.to_string())).collect();
        let innermost = causes.pop().unwrap_or_default();
        let help = error.help().map(|help| text(help.to_string()));
        let error = match help {
            Some(help) => miette!(help = help, "{innermost}"),
            None => miette!("{innermost}"),
        };
        let outer = causes.into_iter().rev();
        outer.fold(error, miette::Report::wrap_err)
    }

    /// Applies the copy to the project at `root`. If a file can't be written, those that were written
    /// are restored.
    ///
    /// # Errors
    /// A file that can't be read, written or removed.
    pub(super) fn apply(&self, root: &Path) -> Result<()> {
        let (was, is) = (files(root)?, files(self.root())?);
        let changed = is
            .iter()
            .filter(|(path, text)| was.get(*path) != Some(*text));
        let changed = changed.map(|(path, text)| (path, Some(text)));
        let gone = was.keys().filter(|path| !is.contains_key(*path));
        let mut done: Vec<&PathBuf> = Vec::new();
        for (path, text) in changed.chain(gone.map(|path| (path, None))) {
            done.push(path);
            let Err(error) = put(root, path, text) else {
                continue;
            };
            let failed = done
                .iter()
                .filter(|path| put(root, path, was.get(**path)).is_err());
            // The file that could not be written has not changed.
            let failed = failed.filter(|other| **other != path).count();
            let path = root.join(path);
            let back = if failed == 0 {
                "all files have been restored".to_owned()
            } else {
                format!("{failed} files could not be restored: `git status` shows them")
            };
            return Err(miette!(
                "cannot write `{}`: {error}; {back}",
                path.display()
            ));
        }
        Ok(())
    }
}

/// Writes a file, or removes it.
fn put(root: &Path, path: &Path, text: Option<&Vec<u8>>) -> io::Result<()> {
    let file = root.join(path);
    match text {
        Some(text) => write(&file, text),
        None => match fs::remove_file(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        },
    }
}

/// Writes a file atomically.
fn write(file: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, file))
        .inspect_err(|_| {
            // The error of the write is returned.
            let _ = fs::remove_file(&beside);
        })
}

/// The files of all parts, with their bytes.
fn files(root: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    for part in PARTS {
        add(root, Path::new(part), &mut found)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read `{}`", root.join(part).display()))?;
    }
    Ok(found)
}

fn add(root: &Path, path: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) -> io::Result<()> {
    let file = root.join(path);
    if file.is_dir() {
        for entry in fs::read_dir(&file)? {
            add(root, &path.join(entry?.file_name()), found)?;
        }
    } else if file.is_file() {
        found.insert(path.to_owned(), fs::read(&file)?);
    }
    Ok(())
}
