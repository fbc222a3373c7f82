//! One side of a comparison: the schemas of a folder or of a git revision, and their overlay.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use feishu_events_gen::Error;
use feishu_events_gen::internals::schema::EventSchema;
use feishu_events_gen::internals::schema_set::SchemaFile;
use feishu_events_gen::internals::{Overlay, SchemaSet, Sources, overlay};
use miette::{IntoDiagnostic, Result};

use super::git;

/// The schemas of one side.
#[derive(Debug)]
pub struct Side {
    /// The name that was given for it.
    pub name: String,
    /// The schemas as they are documented.
    pub schemas: SchemaSet,
    /// The overlay; `None` if the folder does not exist.
    pub overlay: Option<Overlay>,
}

impl Side {
    /// Reads a folder of schemas, or the folder `schemas` in a revision of the project at `root`.
    ///
    /// # Errors
    /// A name that is neither; schemas that can't be read.
    pub fn read(name: &str, root: &Path) -> Result<Self> {
        let folder = Path::new(name);
        if folder.is_dir() {
            Self::of_folder(name, folder)
        } else {
            Self::of_revision(name, root)
        }
    }

    /// The schemas below `folder`.
    ///
    /// # Errors
    /// Schemas that can't be read.
    pub fn of_folder(name: &str, folder: &Path) -> Result<Self> {
        let by_hand = folder.join(overlay::FOLDER);
        let schemas = SchemaSet::load(folder).into_diagnostic()?;
        if schemas.is_empty() {
            return Err(miette::miette!(
                help = "schemas lie in `<folder>/<service>/<rest of the event type>.json`",
                "the folder `{name}` contains no schemas"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            schemas,
            overlay: by_hand
                .is_dir()
                .then(|| Overlay::load(&by_hand))
                .transpose()
                .into_diagnostic()?,
        })
    }

    /// The schemas of a revision of the project at `root`.
    ///
    /// # Errors
    /// A name that is not a revision, and schemas that can't be read.
    pub fn of_revision(name: &str, root: &Path) -> Result<Self> {
        let tree = git::tree_id(root, name, "schemas")?;
        let files = git::json_files(root, &tree)?;
        Self::of_texts(name, files).into_diagnostic()
    }

    /// The sources of this side's types, with `overlay` in place of its own. Corrections of rows that
    /// this side does not have are not applied.
    pub(crate) fn sources(&self, overlay: Option<&Overlay>) -> Sources {
        let overlay = overlay.cloned().unwrap_or_default();
        Sources::corrected_where_possible(self.schemas.clone(), overlay)
    }

    fn of_texts(name: &str, files: BTreeMap<PathBuf, String>) -> Result<Self, Error> {
        let mut schemas = SchemaSet::default();
        let mut overlay: Option<Overlay> = None;
        for (path, text) in files {
            let shown = PathBuf::from(format!("{name}:schemas")).join(&path);
            let folders: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            match folders.as_slice() {
                [first, ..] if first == overlay::FOLDER => {
                    let below = path.strip_prefix(overlay::FOLDER).unwrap_or(&path);
                    let overlay = overlay.get_or_insert_default();
                    overlay.add(below, &shown, &text)?;
                }
                [service, _] => {
                    let schema = EventSchema::from_json(&text);
                    schemas.insert(SchemaFile {
                        service: service.to_string(),
                        path: shown.clone(),
                        schema: schema.map_err(|source| Error::Schema {
                            path: shown,
                            source,
                        })?,
                    })?;
                }
                _ => {}
            }
        }
        Ok(Self {
            name: name.to_owned(),
            schemas,
            overlay,
        })
    }
}
