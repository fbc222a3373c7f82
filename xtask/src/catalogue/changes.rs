//! What changed since an older state of the documentation, in a form for the page.

use std::collections::BTreeMap;

use feishu_events_gen::internals::model::Model;
use serde::Serialize;

use crate::diff::Report;
use crate::diff::markdown::{is_only_dated, sentence};
use crate::diff::report::{Fate, What};
use crate::export::version;

/// All changes.
#[derive(Debug, Serialize)]
pub(super) struct Changes {
    /// What the older state is called.
    pub(super) from: String,
    /// What the newer state is called.
    to: String,
    /// The events that changed.
    events: Vec<EventChanges>,
    /// Those of which only the date of their page did.
    dated: Vec<String>,
    /// The fields that are new, by event, as JSON pointers into the payload.
    #[serde(skip)]
    pub(super) added: BTreeMap<String, Vec<String>>,
}

/// What changed in one event.
#[derive(Debug, Serialize)]
struct EventChanges {
    r#type: String,
    title: String,
    fate: &'static str,
    changes: Vec<Vec<Part>>,
}

/// A part of a sentence.
#[derive(Debug, Serialize)]
struct Part {
    code: bool,
    text: String,
}

/// The changes of a report.
pub(super) fn changes(from: &str, report: &Report, model: &Model<'_>) -> Changes {
    let mut added = BTreeMap::<String, Vec<String>>::new();
    for event in report
        .events
        .iter()
        .filter(|event| event.fate == Fate::Changed)
    {
        let rows = event.changes.iter();
        let rows = rows.filter(|change| change.what == What::RowAdded);
        let rows = rows.filter_map(|change| change.row.as_deref());
        let pointers = rows.filter_map(|row| {
            let inside = row.strip_prefix("event.")?;
            Some(format!("/{}", inside.replace('.', "/")))
        });
        added
            .entry(event.event_type.clone())
            .or_default()
            .extend(pointers);
    }
    let (dated, others): (Vec<_>, Vec<_>) =
        report.events.iter().partition(|event| is_only_dated(event));
    let events = others.into_iter().map(|event| EventChanges {
        r#type: event.event_type.clone(),
        title: event.title.clone(),
        fate: match event.fate {
            Fate::Added => "added",
            Fate::Removed => "removed",
            Fate::Changed => "changed",
        },
        changes: event
            .changes
            .iter()
            .map(|change| parts(&sentence(event, change)))
            .collect(),
    });
    Changes {
        from: from.to_owned(),
        to: version(model).to_owned(),
        events: events.collect(),
        dated: dated
            .into_iter()
            .map(|event| event.event_type.clone())
            .collect(),
        added,
    }
}

/// Splits Markdown at its code.
fn parts(sentence: &str) -> Vec<Part> {
    let parts = sentence.split('`').enumerate();
    parts
        .filter(|(_, text)| !text.is_empty())
        .map(|(index, text)| Part {
            code: index % 2 == 1,
            text: text.to_owned(),
        })
        .collect()
}
