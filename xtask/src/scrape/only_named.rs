//! Pages that name an event and describe none: either another page does, or something was not read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::ReadPage;
use super::earlier::Earlier;
use super::merge::Found;
use crate::generate::project_root;
use crate::pages::finding::{Finding, Kind};

/// Errors for the events that pages name and that are described nowhere: neither by a page of this
/// run, nor by a schema that lies in the folder or is committed.
pub(super) fn findings(
    pages: &[ReadPage],
    found: &[Found],
    earlier: &BTreeMap<String, Earlier>,
) -> Vec<Finding> {
    let named = |page: &ReadPage| !page.reading.mentions.is_empty();
    if !pages.iter().any(named) {
        return Vec::new();
    }
    let mut known: BTreeSet<String> = committed(&project_root().join("schemas"));
    known.extend(found.iter().map(|event| event.schema.event_type.clone()));
    known.extend(earlier.keys().cloned());
    let described = pages.iter().flat_map(|page| page.reading.events());
    known.extend(described.map(|event| event.schema.event_type.clone()));
    let mut findings = Vec::new();
    for page in pages {
        let mentions = page.reading.mentions.iter();
        for mention in mentions.filter(|mention| !known.contains(&mention.event_type)) {
            let what = format!(
                "the page names `{}`, but describes no event, and nothing else does",
                mention.event_type
            );
            let finding = match &page.source {
                Some(source) => Finding::new(Kind::OnlyNamed, source, mention.span.clone(), what),
                None => Finding::of_page(Kind::OnlyNamed, &page.reading.page, what),
            };
            findings.push(finding.expected("a table of its fields, or a sample of it"));
        }
    }
    findings
}

/// The names of the events with a committed schema, as its files are called.
fn committed(schemas: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in folders(schemas) {
        for file in folders(&folder) {
            let service = folder.file_name().unwrap_or_default().to_string_lossy();
            if let Some(name) = file.file_stem().map(|name| name.to_string_lossy()) {
                names.insert(format!("{service}.{name}"));
                names.insert(name.into_owned());
            }
        }
    }
    names
}

/// What lies in a folder; nothing if it can't be read: then these names are not known.
fn folders(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}
