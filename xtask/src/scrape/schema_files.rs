//! Schema → file, only if it differs, and never half a file.

use std::fs;
use std::path::Path;

use feishu_events_gen::schema::EventSchema;

use super::error::ScrapeError;
use super::merge::Found;

/// Writes the schema below `out`; says whether the file changed.
pub(super) fn write(out: &Path, found: &Found) -> Result<bool, ScrapeError> {
    let place = format!("{}/{}.json", found.service, found.file);
    write_at(out, &place, &found.schema)
}

/// Writes the schema to `place` below `out`; says whether the file changed.
pub(super) fn write_at(out: &Path, place: &str, schema: &EventSchema) -> Result<bool, ScrapeError> {
    write_if_changed(&out.join(place), &schema.to_json())
}

/// Writes `text` to `file` by way of a file beside it, unless it is there already.
pub(super) fn write_if_changed(file: &Path, text: &str) -> Result<bool, ScrapeError> {
    if fs::read(file).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let failed = |source| ScrapeError::write(file, source);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, text).map_err(failed)?;
    fs::rename(&beside, file).map_err(failed)?;
    Ok(true)
}
