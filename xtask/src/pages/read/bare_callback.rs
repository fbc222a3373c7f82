//! Callbacks without an envelope, as the old one of cards: what a page lists is all of the request.

use feishu_events_gen::internals::schema::EventKind;

use super::subject::Subject;
use crate::pages::dialect::{self, FieldList, FieldRow, Level};
use crate::pages::finding::Finding;
use crate::pages::levels::{self, TypeNames};
use crate::pages::page::{Code, Page};
use crate::pages::protocol;
use crate::pages::sample::Sample;

/// Puts the rows of such a callback inside of `event`, where those of other payloads are. Further
/// tables say what it may be answered with.
pub(super) fn complete(
    page: &Page<'_>,
    subject: &Subject,
    lists: &mut Vec<FieldList>,
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) {
    let enveloped = |list: &FieldList| protocol::of_rows(&list.rows).is_some();
    let samples: Vec<Sample> = page.code().filter_map(Code::sample).collect();
    let shown = |sample: &&Sample| protocol::of_sample(&sample.value).is_some();
    if !is_one(subject) || lists.iter().any(enveloped) || samples.iter().any(|s| shown(&s)) {
        return;
    }
    lists.truncate(1);
    if let Some(list) = lists.first_mut() {
        let sample = samples.first().map(|sample| &sample.value);
        levels::settle_inside(page.source, &mut list.rows, sample, types, findings);
        wrap(list);
    }
}

/// The list of fields of a page that has nothing but a sample of such a callback.
pub(super) fn of_sample(
    page: &Page<'_>,
    subject: &Subject,
    findings: &mut Vec<Finding>,
) -> Option<FieldList> {
    let sample = page.code().find_map(Code::sample)?;
    if !is_one(subject) || sample.value.members().is_empty() {
        return None;
    }
    Some(FieldList {
        rows: dialect::rows_of_sample(page.source, &sample.value, findings),
        span: sample.value.span.clone(),
    })
}

fn is_one(subject: &Subject) -> bool {
    subject.kind == EventKind::Callback
}

fn wrap(list: &mut FieldList) {
    for row in &mut list.rows {
        row.level = Level::At(row.level().saturating_add(1));
    }
    let event = FieldRow {
        name: "event".to_owned(),
        type_name: "object".to_owned(),
        span: list.span.start..list.span.start,
        ..FieldRow::default()
    };
    list.rows.insert(0, event);
}
