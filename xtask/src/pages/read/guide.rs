//! Guides that show an event as an example: their tables are about something else.

use super::inner_table::shows_fields;
use super::subject::Subject;
use crate::pages::dialect;
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Code, Page};
use crate::pages::protocol;
use crate::pages::sample::Sample;

/// Whether a page that names its event by a sample alone has tables, and none of them is about the
/// event: none has the envelope or a field of the sample, and not all of their rows are fields.
pub(super) fn is_guide(page: &Page<'_>, subject: &Subject) -> bool {
    if subject.named || page.tables().next().is_none() {
        return false;
    }
    // The page may not be read, so what is wrong with its rows is not reported here.
    let mut findings: Vec<Finding> = Vec::new();
    let lists = dialect::field_lists(page, &mut findings);
    let lists = lists.map_or_else(Vec::new, |(_, lists)| lists);
    let samples: Vec<Sample> = page.code().filter_map(Code::sample).collect();
    let mut related = lists.iter().filter(|list| {
        let shown = |sample: &Sample| shows_fields(&sample.value, &list.rows);
        protocol::of_rows(&list.rows).is_some() || samples.iter().any(shown)
    });
    let bad = findings.iter().any(|finding| finding.kind == Kind::BadRow);
    bad && related.next().is_none()
}
