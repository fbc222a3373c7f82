//! The schemas that lie in the folder already.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use feishu_events_gen::schema::EventSchema;

use super::error::ScrapeError;

/// A schema of an earlier run.
#[derive(Debug)]
pub(super) struct Earlier {
    /// The folder it lies in.
    pub(super) service: String,
    /// How messages call it.
    pub(super) name: String,
    pub(super) schema: EventSchema,
}

/// The schemas below `schemas`, by event type; files that are none are left alone.
///
/// # Errors
/// A folder or file that can't be read.
pub(super) fn read(schemas: &Path) -> Result<BTreeMap<String, Earlier>, ScrapeError> {
    let mut found = BTreeMap::new();
    if !schemas.exists() {
        return Ok(found);
    }
    for folder in entries(schemas)?.iter().filter(|folder| folder.is_dir()) {
        // What people correct lies in a folder of its own, by service again.
        let service = folder.file_name().and_then(|name| name.to_str());
        let Some(service) = service.filter(|service| *service != "overlay") else {
            continue;
        };
        for file in entries(folder)? {
            let Some(stem) = file.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let Some(stem) = stem.strip_suffix(".json") else {
                continue;
            };
            let text = std::fs::read_to_string(&file).map_err(|e| ScrapeError::read(&file, e))?;
            let Ok(schema) = EventSchema::from_json(&text) else {
                continue;
            };
            let earlier = Earlier {
                service: service.to_owned(),
                name: format!("{service}/{stem}.json"),
                schema,
            };
            found.insert(earlier.schema.event_type.clone(), earlier);
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, ScrapeError> {
    let paths = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = paths.map_err(|source| ScrapeError::read(folder, source))?;
    paths.sort();
    Ok(paths)
}
