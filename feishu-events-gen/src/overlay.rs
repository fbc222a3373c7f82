//! The overlay: what people write by hand for the schemas, such as names of types, docs in English and
//! corrections.
//!
//! - `overlay/names/<service>.json`: which objects share a type, and what it is called;
//! - `overlay/docs/common.json` and `overlay/docs/<service>.json`: what things mean;
//! - `overlay/corrections/<service>/<rest>.json`: where the documentation of an event is wrong;
//! - `overlay/additions/<service>/<rest>.json`: fields of an event that its page lacks;
//! - `overlay/access/<service>.json`: scopes that add up, and calls that subscribe;
//! - `overlay/scalars.json`: fields that keep a scalar type although their page lists values now.
//!
//! An entry that matches nothing is an error: see [`unused`](Overlay::unused).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::files::{self, file_name};
use crate::schema_set::SchemaSet;

mod access;
mod additions;
mod corrections;
mod docs;
mod names;
mod unused;

pub use access::{EventAccess, Identity, ServiceAccess, SubscriptionCall};
pub use additions::Additions;
pub use corrections::Corrections;
pub use docs::{CommonDocs, EnumDocs, FieldNote, ServiceDocs};
pub use names::TypeNames;

/// The folder of an overlay, below that of the schemas.
pub const FOLDER: &str = files::OVERLAY;

/// The file of the fields that stay scalars, below the folder of an overlay.
pub const SCALARS: &str = "scalars.json";

/// What people wrote by hand for the schemas.
#[derive(Debug, Clone, Default)]
pub struct Overlay {
    /// Names of types, by service.
    pub names: BTreeMap<String, TypeNames>,
    /// Docs of fields that recur in many services.
    pub common: CommonDocs,
    /// Docs, by service.
    pub docs: BTreeMap<String, ServiceDocs>,
    /// What events need beyond the console, by service.
    pub access: BTreeMap<String, ServiceAccess>,
    /// By service, the fields `Type.field` that keep the scalar type they had before their page
    /// listed values, though a bare name of an enum fits them.
    pub scalars: BTreeMap<String, BTreeSet<String>>,
    corrections: Vec<Corrections>,
    /// Fields that pages lack, by event.
    pub additions: Vec<Additions>,
}

impl Overlay {
    /// Reads the overlay in `folder`; it is empty if the folder does not exist.
    ///
    /// # Errors
    /// A file that cannot be read or is not of the form of its kind.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut overlay = Self::default();
        let scalars = folder.join(SCALARS);
        if scalars.exists() {
            overlay.load_file(folder, &scalars)?;
        }
        for kind in ["names", "docs", "access"] {
            overlay.load_files(folder, &folder.join(kind))?;
        }
        for kind in ["corrections", "additions"] {
            let services = folder.join(kind);
            if services.exists() {
                for service in files::entries(&services)? {
                    overlay.load_files(folder, &service)?;
                }
            }
        }
        Ok(overlay)
    }

    fn load_files(&mut self, overlay: &Path, folder: &Path) -> Result<()> {
        if !folder.exists() {
            return Ok(());
        }
        for path in files::entries(folder)? {
            if path.extension().is_some_and(|ending| ending == "json") {
                self.load_file(overlay, &path)?;
            }
        }
        Ok(())
    }

    fn load_file(&mut self, overlay: &Path, path: &Path) -> Result<()> {
        let text = fs::read_to_string(path).map_err(|source| Error::Io {
            path: path.to_owned(),
            source,
        })?;
        self.add(path.strip_prefix(overlay).unwrap_or(path), path, &text)
    }

    /// Adds the file at `below` in the overlay's folder: `names/im.json`. Errors name it by `path`.
    /// Files that are not of an overlay are ignored.
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
            Some("access") => {
                self.access.insert(name, parse(path, text)?);
            }
            Some("additions") => self.additions.push(Additions::parse(path, text)?),
            Some(SCALARS) => self.scalars = parse(path, text)?,
            Some("corrections") => self.corrections.push(Corrections::parse(path, text)?),
            _ => {}
        }
        Ok(())
    }

    /// Applies the corrections and additions to the schemas. Returns an error for each that can't be
    /// applied: the event or row does not exist, or the page itself has been corrected.
    pub fn correct(&self, schemas: &mut SchemaSet) -> Vec<Error> {
        let corrections = self.corrections.iter();
        let mut problems: Vec<Error> = corrections
            .flat_map(|corrections| corrections.apply(schemas))
            .collect();
        for additions in &self.additions {
            problems.extend(additions.apply(schemas));
        }
        problems
    }
}

impl Overlay {
    /// The entry about the access to an event, with only those scopes that the event has.
    pub(crate) fn access(&self, service: &str, rest: &str, scopes: &[String]) -> EventAccess {
        let entries = self.access.get(service);
        let entry = entries.and_then(|entries| entries.0.get(rest));
        let mut access = entry.cloned().unwrap_or_default();
        for (_, any_of) in &mut access.brings {
            any_of.retain(|scope| scopes.contains(scope));
        }
        access.brings.retain(|(_, any_of)| !any_of.is_empty());
        access
    }
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|source| Error::Schema {
        path: path.to_owned(),
        source,
    })
}
