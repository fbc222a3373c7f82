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
        for (name, path) in json_files(&folder.join("names"))? {
            overlay.names.insert(name, read(&path)?);
        }
        for (name, path) in json_files(&folder.join("docs"))? {
            if name == "common" {
                overlay.common = read(&path)?;
            } else {
                overlay.docs.insert(name, read(&path)?);
            }
        }
        let corrections = folder.join("corrections");
        if corrections.exists() {
            for service in schema_set::entries(&corrections)? {
                for (_, path) in json_files(&service)? {
                    overlay.corrections.push(Corrections::read(&path)?);
                }
            }
        }
        Ok(overlay)
    }

    /// Applies the corrections to the schemas.
    ///
    /// # Errors
    /// A correction of an event or a row that is not there, and one that changes nothing.
    pub fn correct(&self, schemas: &mut SchemaSet) -> Result<()> {
        let mut corrections = self.corrections.iter();
        corrections.try_for_each(|corrections| corrections.apply(schemas))
    }
}

/// The JSON files in `folder` by name without ending; none if there is no such folder.
fn json_files(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let files = schema_set::entries(folder)?.into_iter();
    Ok(files
        .filter_map(|path| {
            let name = file_name(&path);
            Some((name.strip_suffix(".json")?.to_owned(), path))
        })
        .collect())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|source| Error::Schema {
        path: path.to_owned(),
        source,
    })
}
