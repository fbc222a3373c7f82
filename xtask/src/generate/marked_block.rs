//! The part of a page between two comments, which `generate` writes; people write the rest.

use std::fs;
use std::path::Path;

use feishu_events_gen::Error;

/// The page at `path` with `text` between its lines `begin` and `end`; `None` if the page does not exist
/// or it has no place for the text.
///
/// # Errors
/// A page that exists and cannot be read.
pub(super) fn replaced(
    path: &Path,
    [begin, end]: [&str; 2],
    text: &str,
) -> Result<Option<String>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let page = fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    let parts = page.split_once(begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(end)?;
        Some((before, after))
    });
    Ok(parts.map(|(before, after)| format!("{before}{begin}{text}{end}{after}")))
}
