//! Schemas that `generate` would refuse are not written.

use std::collections::BTreeMap;
use std::path::Path;

use feishu_events_gen::internals::schema_set::SchemaFile;
use feishu_events_gen::internals::{Overlay, SchemaSet, resolve};

use super::merge::Found;
use crate::pages::finding::{Finding, Kind};

/// Takes out of `found` the events that no types can be generated of; gives an error for each.
pub(super) fn take_out(found: &mut Vec<Found>) -> Vec<Finding> {
    let problems: BTreeMap<String, String> = found
        .iter()
        .filter_map(|event| Some((event.schema.event_type.clone(), problem(event)?)))
        .collect();
    let (refused, kept) = std::mem::take(found)
        .into_iter()
        .partition(|event| problems.contains_key(&event.schema.event_type));
    *found = kept;
    let findings = Vec::<Found>::into_iter(refused).map(|event| {
        let name = &event.schema.event_type;
        let what = format!("no types can be generated for `{name}`: {}", problems[name]);
        let finding = Finding::of_page(Kind::NotGenerated, event.page, what);
        match event.schema.document {
            Some(_) => finding,
            None => finding.expected(
                "known types, or the page's path (`fullPath` at its top): of a page whose place is \
                 known, a row with an unknown type may hold anything",
            ),
        }
    });
    findings.collect()
}

fn problem(event: &Found) -> Option<String> {
    let mut set = SchemaSet::default();
    let file = SchemaFile {
        service: event.service.clone(),
        path: Path::new(&event.service).join(format!("{}.json", event.file)),
        schema: event.schema.clone(),
    };
    let placed = set.insert(file);
    let made = placed.and_then(|()| resolve(&set, &Overlay::default()).map(|_| ()));
    made.err().map(|error| error.to_string())
}
