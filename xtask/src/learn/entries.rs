//! Proposals as entries of the overlay's files.

use std::path::PathBuf;

use serde_json::Value;

/// The entries proposed for one file of the overlay.
#[derive(Debug)]
pub(super) struct Proposed {
    /// The file, in the overlay's folder.
    pub(super) below: PathBuf,
    pub(super) event_type: String,
    /// `additions` or `corrections`: the name of the folder and of the list.
    pub(super) list: &'static str,
    pub(super) entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug)]
pub(super) struct Entry {
    /// The row that it is about.
    pub(super) field: String,
    /// Its lines, without a comma at the end.
    pub(super) text: String,
}

/// The entries for fields that have none in `old`, and a note for each of the others, because only
/// people change what people wrote.
pub(super) fn not_yet_there<'p>(
    proposed: &'p Proposed,
    old: Option<&str>,
) -> (Vec<&'p Entry>, Vec<String>) {
    let file: Value = old.map_or(Value::Null, |old| {
        serde_json::from_str(old).unwrap_or_default()
    });
    let entries = file[proposed.list].as_array().cloned().unwrap_or_default();
    let there: Vec<&str> = entries
        .iter()
        .filter_map(|it| it["field"].as_str())
        .collect();
    let is_there = |entry: &&Entry| there.contains(&entry.field.as_str());
    let (taken, new): (Vec<&Entry>, Vec<&Entry>) = proposed.entries.iter().partition(is_there);
    let note = |entry: &&Entry| {
        let (file, text) = (proposed.below.display(), entry.text.trim());
        format!(
            "schemas/overlay/{file} already has an entry for `{}`; the counts suggest: {text}",
            entry.field
        )
    };
    (new, taken.iter().map(note).collect())
}

/// The file with these entries at its end; `None` if `old` does not end as such a file does.
pub(super) fn file(proposed: &Proposed, entries: &[&Entry], old: Option<&str>) -> Option<String> {
    const END: &str = "\n  ]\n}\n";
    let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
    let new = texts.join(",\n");
    let begun = match old {
        Some(old) => format!("{},\n", old.strip_suffix(END)?),
        None => format!(
            "{{\n  \"event_type\": {},\n  \"{}\": [\n",
            string(&proposed.event_type),
            proposed.list
        ),
    };
    Some(begun + &new + END)
}

/// `text` as JSON.
pub(super) fn string(text: &str) -> String {
    Value::from(text).to_string()
}
