//! The values that a field may have: the portal's element for them, or written in the text.

mod elements;
mod unmarked;
mod written;

use feishu_events_gen::internals::schema::ListedValues;

use crate::pages::finding::Finding;
use crate::pages::levels::is_scalar;
use crate::pages::page::{Cell, TableKind};
use crate::pages::source::Source;

pub(crate) use written::noted_values;

/// The values that a cell lists for a field of the type `type_name`, with their labels.
pub(crate) fn values(
    source: &Source,
    cell: &Cell,
    type_name: &str,
    findings: &mut Vec<Finding>,
) -> ListedValues {
    let listed = elements::values(source, cell, findings);
    // What stands in the text about a field with fields of its own is about these.
    if !listed.is_empty() || !is_scalar(type_name) {
        return listed;
    }
    written::written_values(&cell.text())
}

/// The values that a cell seems to list, though it does not say so, for a field of the type
/// `type_name` in a table of this kind.
pub(crate) fn unmarked_values(kind: TableKind, cell: &Cell, type_name: &str) -> ListedValues {
    // The portal's own tables mark their lists; converters lose the marks.
    let marked = matches!(kind, TableKind::Levelled | TableKind::Simple);
    if marked || !is_scalar(type_name) {
        return ListedValues::default();
    }
    unmarked::values(written::until_heading(&cell.text()))
}
