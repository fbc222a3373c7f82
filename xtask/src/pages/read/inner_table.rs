//! Tables that list the fields inside of `event` alone: the envelope stands in the sample.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::pages::dialect::{self, FieldList, FieldRow, Level};
use crate::pages::finding::Finding;
use crate::pages::levels::{self, TypeNames};
use crate::pages::page::{Block, Code, Page};
use crate::pages::protocol;
use crate::pages::sample::{Sample, Value};

/// The row whose fields such a table lists.
const EVENT: &str = "event";

/// Puts the rows of such tables where they belong, below the rows of the envelope that the sample
/// of the same section shows.
pub(super) fn complete(
    page: &Page<'_>,
    lists: &mut [FieldList],
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) {
    let samples: Vec<Sample> = page.code().filter_map(Code::sample).collect();
    let spans: Vec<Range<usize>> = lists.iter().map(|list| list.span.clone()).collect();
    for (at, list) in lists.iter_mut().enumerate() {
        if protocol::of_rows(&list.rows).is_some() || has_envelope(&list.rows) {
            continue;
        }
        let section = section(page, &spans, at);
        let mut near = samples.iter().filter(|sample| {
            let start = sample.value.span.start;
            section.contains(&start) && shows_fields(&sample.value, &list.rows)
        });
        if let Some(sample) = near.next() {
            let inner = std::mem::take(&mut list.rows);
            list.rows = inside(page, inner, &sample.value, types, findings);
            // Its sample, above the table or below it, stands in the list.
            list.span.start = list.span.start.min(sample.value.span.start);
        }
    }
}

/// Whether rows are the envelope's after all, though not all of it can be read.
fn has_envelope(rows: &[FieldRow]) -> bool {
    let of_envelope =
        |row: &&FieldRow| ["schema", "header", "ts", "uuid", "token"].contains(&&row.name[..]);
    rows.iter().filter(of_envelope).count() > 1
}

/// Where the sample of the list `at` may stand: between its neighbours, or if these are beside it
/// too, in the section of the heading above it.
fn section(page: &Page<'_>, spans: &[Range<usize>], at: usize) -> Range<usize> {
    let before = at.checked_sub(1).map_or(0, |before| spans[before].end);
    let behind = spans.get(at + 1).map_or(usize::MAX, |next| next.start);
    let headings = page.blocks.iter().filter_map(|block| match block {
        Block::Heading(heading) if !heading.bold => Some(heading.span.start),
        _ => None,
    });
    let (above, below): (Vec<usize>, Vec<usize>) =
        headings.partition(|start| *start < spans[at].start);
    if spans.len() == 1 {
        return 0..usize::MAX;
    }
    let start = above.last().copied().unwrap_or(0).max(before);
    start..below.first().copied().unwrap_or(usize::MAX).min(behind)
}

/// Whether a sample is of an event that has one of the fields.
pub(super) fn shows_fields(sample: &Value, rows: &[FieldRow]) -> bool {
    let event = sample
        .get(EVENT)
        .filter(|_| protocol::of_sample(sample).is_some());
    let keys = event.into_iter().flat_map(Value::members);
    let names: BTreeSet<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    keys.into_iter()
        .any(|member| names.contains(member.key.as_str()))
}

/// The envelope's rows as the sample shows them, with `inner` inside of `event`.
fn inside(
    page: &Page<'_>,
    mut inner: Vec<FieldRow>,
    sample: &Value,
    types: &TypeNames,
    findings: &mut Vec<Finding>,
) -> Vec<FieldRow> {
    levels::settle_inside(page.source, &mut inner, sample.get(EVENT), types, findings);
    let mut rows = dialect::rows_of_sample(page.source, sample, findings);
    let event = rows
        .iter()
        .position(|row| row.level() == 0 && row.name == EVENT)
        .unwrap_or(rows.len());
    let behind = rows
        .iter()
        .skip(event + 1)
        .take_while(|row| row.level() > 0);
    let end = (event + 1 + behind.count()).min(rows.len());
    for row in &mut inner {
        row.level = Level::At(row.level().saturating_add(1));
    }
    // What the sample shows besides is added when the two are compared.
    rows.splice((event + 1).min(end)..end, inner);
    rows
}
