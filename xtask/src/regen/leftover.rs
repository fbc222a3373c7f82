//! The entries of the overlay that match nothing or contradict the schemas.
//!
//! They do not stop a run, but are listed in a file. A test fails for entries that are not in the list,
//! so that typos in the overlay are found.

use std::fs;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::overlay;
use feishu_events_gen::internals::unwritten::LEFTOVER;
use miette::{Context, IntoDiagnostic, Result};

use crate::generate::Generated;

/// Writes the list for `schemas`, or removes it if it is empty. Returns its path below the root, if it
/// changed.
///
/// # Errors
/// A file that can't be written.
pub(super) fn write(schemas: &Path, generated: &Generated) -> Result<Option<PathBuf>> {
    let below = Path::new(overlay::FOLDER).join(LEFTOVER);
    let file = schemas.join(&below);
    let changed = if generated.leftover.is_empty() {
        let was_there = file.exists();
        let removed = if was_there {
            fs::remove_file(&file)
        } else {
            Ok(())
        };
        removed.map(|()| was_there)
    } else {
        write_if_changed(&file, &(generated.leftover.join("\n") + "\n"))
    };
    let changed = changed
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write `{}`", file.display()))?;
    Ok(changed.then(|| Path::new("schemas").join(below)))
}
