//! The schemas that lie in the folder already.

use std::collections::BTreeMap;
use std::path::Path;

use feishu_events_gen::internals::SchemaSet;
use feishu_events_gen::internals::schema::EventSchema;

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

/// The schemas below `schemas`, by event type.
///
/// # Errors
/// A folder or file that can't be read, and a file that is not a schema: this run would write over
/// it, and nothing could tell what was lost.
pub(super) fn read(schemas: &Path) -> Result<BTreeMap<String, Earlier>, ScrapeError> {
    if !schemas.exists() {
        return Ok(BTreeMap::new());
    }
    let set = SchemaSet::load(schemas)?;
    let found = set.iter().map(|file| {
        let earlier = Earlier {
            service: file.service.clone(),
            name: format!("{}/{}.json", file.service, file.rest()),
            schema: file.schema.clone(),
        };
        (earlier.schema.event_type.clone(), earlier)
    });
    Ok(found.collect())
}
