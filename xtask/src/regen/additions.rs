//! Removes additions to the overlay once a page documents the field.

use std::fs;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::{Overlay, SchemaSet, overlay};
use miette::{Context, IntoDiagnostic, Result};

/// Removes entries of `overlay/additions` that pages document. Returns the files that changed, below
/// the root.
///
/// # Errors
/// Schemas or an overlay that can't be read, and files that can't be written.
pub(super) fn remove_documented(schemas: &Path) -> Result<Vec<PathBuf>> {
    let overlay = Overlay::load(&schemas.join(overlay::FOLDER)).into_diagnostic()?;
    let documented = SchemaSet::load(schemas).into_diagnostic()?;
    let mut files = Vec::new();
    for mut additions in overlay.additions {
        if additions.remove_documented(&documented).is_empty() {
            continue;
        }
        let file = additions.path().to_owned();
        let done = if additions.is_empty() {
            fs::remove_file(&file)
        } else {
            write_if_changed(&file, &additions.to_json()).map(|_| ())
        };
        done.into_diagnostic()
            .wrap_err_with(|| format!("cannot write `{}`", file.display()))?;
        let below = file.strip_prefix(schemas).unwrap_or(&file);
        files.push(Path::new("schemas").join(below));
    }
    Ok(files)
}
