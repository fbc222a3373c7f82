//! The door for build scripts: schemas of a user's own → a file in `OUT_DIR`.

use std::env;
use std::path::{Path, PathBuf};

use crate::emit::users::users_file;
use crate::error::{Error, Result};
use crate::output::write_if_changed;
use crate::sources::Sources;

/// Generates types from the schemas in `folder` into `$OUT_DIR/feishu_events.rs`, for a build
/// script; `folder/overlay` may hold names, docs and corrections.
///
/// ```no_run
/// // build.rs
/// fn main() -> feishu_events_gen::Result<()> {
///     feishu_events_gen::build("schemas")
/// }
/// ```
///
/// The crate includes the file, and `#[feishu_handler]` takes its types:
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/feishu_events.rs"));
/// ```
///
/// # Errors
/// Schemas that cannot be read or that no types can be made of, and an overlay with entries about
/// nothing; each names its file.
pub fn build(folder: impl AsRef<Path>) -> Result<()> {
    let folder = folder.as_ref();
    let out = env::var_os("OUT_DIR").map(PathBuf::from);
    let file = out.ok_or(Error::NoOutDir)?.join("feishu_events.rs");
    // Cargo reads what a build script prints.
    #[allow(clippy::print_stdout)]
    {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let text = generate(folder)?;
    match write_if_changed(&file, &text) {
        Ok(_) => Ok(()),
        Err(source) => Err(Error::Io { path: file, source }),
    }
}

/// The types of the schemas in `folder`, as [`build`] writes them.
///
/// # Errors
/// Those of [`build`].
pub fn generate(folder: &Path) -> Result<String> {
    let mut sources = Sources::load(folder)?;
    // One at a time: in a build, the first says enough.
    if !sources.problems.is_empty() {
        return Err(sources.problems.swap_remove(0));
    }
    let model = sources.model()?;
    let unused = sources.overlay.unused(&model);
    if !unused.is_empty() {
        return Err(Error::Unused(unused));
    }
    if !model.misfits.is_empty() {
        return Err(Error::Misfits(model.misfits));
    }
    users_file(&model)
}
