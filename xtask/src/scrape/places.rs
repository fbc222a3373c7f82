//! Which service an event belongs to, and so which folder its schema lies in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use feishu_events_gen::schema::EventSchema;

use super::error::ScrapeError;

/// What tells the services of events that don't name theirs.
#[derive(Debug, Default)]
pub struct Places {
    /// Events that have a schema file already, and the service it is filed under.
    filed: BTreeMap<String, String>,
    /// The services of the events that are documented in a folder and name theirs.
    neighbours: BTreeMap<PathBuf, BTreeSet<String>>,
}

/// What a page tells about the service of its events.
#[derive(Debug, Clone, Copy)]
pub struct PageClues<'a> {
    /// Where the file lies.
    pub file: &'a Path,
    /// What the page says about the event.
    pub schema: &'a EventSchema,
}

impl Places {
    /// Learns the places of the schemas that are already in the folder `schemas`.
    ///
    /// # Errors
    /// A folder that can't be read.
    pub fn of_schemas(schemas: &Path) -> Result<Self, ScrapeError> {
        let mut places = Self::default();
        if !schemas.exists() {
            return Ok(places);
        }
        let entries = |folder: &Path| {
            let paths = std::fs::read_dir(folder)
                .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
            paths.map_err(|source| ScrapeError::read(folder, source))
        };
        let folders: Vec<PathBuf> = entries(schemas)?;
        for folder in folders.iter().filter(|folder| folder.is_dir()) {
            let Some(service) = folder.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            if service == "overlay" {
                continue;
            }
            let files: Vec<PathBuf> = entries(folder)?;
            for file in files {
                let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
                    continue;
                };
                if let Some(event_type) = name.strip_suffix(".json") {
                    places
                        .filed
                        .insert(event_type.to_owned(), service.to_owned());
                }
            }
        }
        Ok(places)
    }

    /// Learns from an event that names its service.
    pub fn learn(&mut self, clues: PageClues<'_>) {
        if let (Some((service, _)), Some(folder)) =
            (clues.schema.event_type.split_once('.'), clues.file.parent())
        {
            let services = self.neighbours.entry(folder.to_owned()).or_default();
            services.insert(service.to_owned());
        }
    }

    /// The service of an event and the name of its file, without ending.
    pub fn place(&self, clues: PageClues<'_>) -> Option<(String, String)> {
        let event_type = &clues.schema.event_type;
        if let Some((service, rest)) = event_type.split_once('.') {
            return is_service(service).then(|| (service.to_owned(), rest.to_owned()));
        }
        // The first that is sure wins: a schema that was reviewed, what the page says about
        // itself, then where it lies and what lies beside it.
        let folders = clues.file.parent().map(Path::to_string_lossy);
        let service = self
            .filed
            .get(event_type)
            .cloned()
            .or_else(|| versioned_segment(&clues.schema.document.path))
            .or_else(|| versioned_segment(&folders.unwrap_or_default()))
            .or_else(|| service_of_scopes(&clues.schema.scopes))
            .or_else(|| self.service_of_neighbours(clues.file))?;
        Some((service, event_type.clone()))
    }

    fn service_of_neighbours(&self, file: &Path) -> Option<String> {
        let services = self.neighbours.get(file.parent()?)?;
        let mut services = services.iter();
        services
            .next()
            .filter(|_| services.next().is_none())
            .cloned()
    }
}

/// The service of the innermost segment such as `approval-v4`.
fn versioned_segment(path: &str) -> Option<String> {
    path.split(['/', '\\']).rev().find_map(|segment| {
        let (service, version) = segment.rsplit_once("-v")?;
        let versioned = !version.is_empty() && version.chars().all(|c| c.is_ascii_digit());
        (versioned && is_service(service)).then(|| service.to_owned())
    })
}

/// The service that all scopes begin with.
fn service_of_scopes(scopes: &[String]) -> Option<String> {
    let mut services = scopes.iter().map(|scope| scope.split(':').next());
    let service = services.next()??;
    let agree = services.all(|other| other == Some(service));
    (agree && is_service(service)).then(|| service.to_owned())
}

/// Whether `name` can be a module, a feature and a folder.
fn is_service(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
