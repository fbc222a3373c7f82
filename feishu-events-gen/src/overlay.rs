//! What people wrote by hand beside the schemas: names of types, docs in English, corrections.
//!
//! - `overlay/names/<service>.json`: which objects share a type, and what it is called;
//! - `overlay/docs/common.json` and `overlay/docs/<service>.json`: what things mean;
//! - `overlay/corrections/<service>/<rest>.json`: where the documentation of an event is wrong.
//!
//! An entry that finds nothing to say anything about is a mistake: see [`unused`](Overlay::unused).

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::schema_set::{self, SchemaSet, file_name};

mod corrections;
mod docs;
mod names;
mod unused;

pub use corrections::Corrections;
pub use docs::{CommonDocs, EnumDocs, FieldNote, ServiceDocs};
pub use names::TypeNames;

/// The folder of an overlay, below that of the schemas.
pub const FOLDER: &str = "overlay";

/// What people wrote by hand beside the schemas.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// Names of types, by service.
    pub names: BTreeMap<String, TypeNames>,
    /// What recurs in many services.
    pub common: CommonDocs,
    /// What things mean, by service.
    pub docs: BTreeMap<String, ServiceDocs>,
    corrections: Vec<Corrections>,
}

impl Overlay {
    /// Reads what lies below `folder`; nothing if there is no such folder.
    ///
    /// # Errors
    /// A file that cannot be read or is not of the form of its kind.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut overlay = Self::default();
        for kind in ["names", "docs"] {
            overlay.load_files(folder, &folder.join(kind))?;
        }
        let corrections = folder.join("corrections");
        if corrections.exists() {
            for service in schema_set::entries(&corrections)? {
                overlay.load_files(folder, &service)?;
            }
        }
        Ok(overlay)
    }

    fn load_files(&mut self, overlay: &Path, folder: &Path) -> Result<()> {
        if !folder.exists() {
            return Ok(());
        }
        for path in schema_set::entries(folder)? {
            let below = path.strip_prefix(overlay).unwrap_or(&path).to_owned();
            if below.extension().is_some_and(|ending| ending == "json") {
                let text = fs::read_to_string(&path).map_err(|source| Error::Io {
                    path: path.clone(),
                    source,
                })?;
                self.add(&below, &path, &text)?;
            }
        }
        Ok(())
    }

    /// Adds the file that lies at `below` in the overlay's folder: `names/im.json`. Errors call it
    /// `path`; files that do not belong to an overlay are left out.
    ///
    /// # Errors
    /// Text that is not of the form of its kind.
    pub fn add(&mut self, below: &Path, path: &Path, text: &str) -> Result<()> {
        let name = file_name(below);
        let Some(name) = name.strip_suffix(".json").map(str::to_owned) else {
            return Ok(());
        };
        let kind = below.components().next();
        match kind.and_then(|kind| kind.as_os_str().to_str()) {
            Some("names") => {
                self.names.insert(name, parse(path, text)?);
            }
            Some("docs") if name == "common" => self.common = parse(path, text)?,
            Some("docs") => {
                self.docs.insert(name, parse(path, text)?);
            }
            Some("corrections") => self.corrections.push(Corrections::parse(path, text)?),
            _ => {}
        }
        Ok(())
    }

    /// Applies the corrections to the schemas.
    ///
    /// # Errors
    /// A correction of an event or a row that is not there, and one that changes nothing.
    pub fn correct(&self, schemas: &mut SchemaSet) -> Result<()> {
        let mut corrections = self.corrections.iter();
        corrections.try_for_each(|corrections| corrections.apply(schemas))
    }

    /// Applies those corrections that can be applied.
    pub(crate) fn correct_where_possible(&self, schemas: &mut SchemaSet) {
        for corrections in &self.corrections {
            // It is about what these schemas don't have; the next one may still fit.
            let _ = corrections.apply(schemas);
        }
    }
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|source| Error::Schema {
        path: path.to_owned(),
        source,
    })
}
