//! The functions for build scripts: schemas of a user's own → a file in `OUT_DIR`.

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
/// Schemas that cannot be read or that no types can be generated from, and entries of the overlay that
/// match nothing; the error names the file.
pub fn build(folder: impl AsRef<Path>) -> Result<()> {
    Builder::new().build(folder)
}

/// The types of the schemas in `folder`, as [`build`] writes them.
///
/// # Errors
/// Those of [`build`].
pub fn generate(folder: &Path) -> Result<String> {
    Builder::new().generate(folder)
}

/// [`build`] with options.
///
/// ```no_run
/// // build.rs of a crate that has `feishu-events` through another crate
/// fn main() -> feishu_events_gen::Result<()> {
///     feishu_events_gen::Builder::new()
///         .crate_path("::our_framework::feishu_events")
///         .build("schemas")
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    crate_path: String,
}

impl Builder {
    /// The options of [`build`].
    pub fn new() -> Self {
        Self {
            crate_path: "::feishu_events".to_owned(),
        }
    }

    /// The path at which the generated code finds the crate `feishu-events`; by default
    /// `::feishu_events`.
    ///
    /// A crate that has it under another name, or re-exported by a framework, gives the same path here
    /// and as `crate = …` to the macros.
    #[must_use]
    pub fn crate_path(mut self, path: impl Into<String>) -> Self {
        self.crate_path = path.into();
        self
    }

    /// Generates types as the function [`build`] does.
    ///
    /// # Errors
    /// Those of [`build`], and [`Error::CratePath`].
    pub fn build(&self, folder: impl AsRef<Path>) -> Result<()> {
        let folder = folder.as_ref();
        let out = env::var_os("OUT_DIR").map(PathBuf::from);
        let file = out.ok_or(Error::NoOutDir)?.join("feishu_events.rs");
        // Cargo reads what a build script prints.
        #[allow(clippy::print_stdout)]
        {
            println!("cargo::rerun-if-changed={}", folder.display());
        }
        let text = self.generate(folder)?;
        match write_if_changed(&file, &text) {
            Ok(_) => Ok(()),
            Err(source) => Err(Error::Io { path: file, source }),
        }
    }

    /// The types of the schemas in `folder`, as [`Builder::build`] writes them.
    ///
    /// # Errors
    /// Those of [`build`], and [`Error::CratePath`].
    pub fn generate(&self, folder: impl AsRef<Path>) -> Result<String> {
        let mut sources = Sources::load(folder.as_ref())?;
        // Only the first: a build script returns one error.
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
        users_file(&model, &self.crate_path)
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}
