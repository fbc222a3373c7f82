//! All schemas of a folder, sorted by event type.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files::{OVERLAY, entries, file_name, io_error};
use crate::schema::{EventSchema, Protocol};

/// A schema and its file.
#[derive(Debug, Clone)]
pub struct SchemaFile {
    /// The service: the name of the folder.
    pub service: String,
    /// The file, as it was opened.
    pub path: PathBuf,
    /// The schema in it.
    pub schema: EventSchema,
}

impl SchemaFile {
    /// The event's name without the service: `department.updated_v3`; for an event of
    /// protocol 1.0 the whole name.
    pub fn rest(&self) -> &str {
        let event_type = &self.schema.event_type;
        let rest = match self.schema.protocol {
            Protocol::V2 => event_type.strip_prefix(&self.service),
            Protocol::V1 => None,
        };
        rest.and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(event_type)
    }
}

/// Schemas by event type.
#[derive(Debug, Clone, Default)]
pub struct SchemaSet {
    files: BTreeMap<String, SchemaFile>,
}

impl SchemaSet {
    /// Reads all schemas below `folder`: `<folder>/<service>/<rest of the event type>.json`.
    ///
    /// # Errors
    /// A file that cannot be read, is not a schema, is in the wrong place, or documents an event
    /// that another file documents too.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut set = Self::default();
        for service in entries(folder)? {
            let name = file_name(&service);
            if !service.is_dir() || name == OVERLAY {
                continue;
            }
            for path in entries(&service)? {
                if path
                    .extension()
                    .is_some_and(|extension| extension == "json")
                {
                    set.insert(read(&path, &name)?)?;
                }
            }
        }
        Ok(set)
    }

    /// Adds a schema.
    ///
    /// # Errors
    /// A schema of an event that the set already has, or whose path does not follow from its event.
    pub fn insert(&mut self, file: SchemaFile) -> Result<()> {
        let event_type = file.schema.event_type.clone();
        let expected = format!("{}/{}.json", file.service, file.rest());
        if !file.path.ends_with(&expected) {
            return Err(Error::Misplaced {
                path: file.path,
                event_type,
                expected,
            });
        }
        if let Some(first) = self.files.get(&event_type) {
            let first = first.path.clone();
            return Err(Error::Twice {
                event_type,
                first,
                second: file.path,
            });
        }
        self.files.insert(event_type, file);
        Ok(())
    }

    /// The schemas, sorted by event type.
    pub fn iter(&self) -> impl Iterator<Item = &SchemaFile> {
        self.files.values()
    }

    /// The schema of one event.
    pub fn get(&self, event_type: &str) -> Option<&SchemaFile> {
        self.files.get(event_type)
    }

    pub(crate) fn get_mut(&mut self, event_type: &str) -> Option<&mut EventSchema> {
        let file = self.files.get_mut(event_type)?;
        Some(&mut file.schema)
    }

    /// Removes a schema.
    pub fn remove(&mut self, event_type: &str) -> Option<SchemaFile> {
        self.files.remove(event_type)
    }

    /// How many schemas there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no schema.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

fn read(path: &Path, service: &str) -> Result<SchemaFile> {
    let text = fs::read_to_string(path).map_err(|source| io_error(path, source))?;
    let schema = EventSchema::from_json(&text).map_err(|source| Error::Schema {
        path: path.to_owned(),
        source,
    })?;
    Ok(SchemaFile {
        service: service.to_owned(),
        path: path.to_owned(),
        schema,
    })
}
