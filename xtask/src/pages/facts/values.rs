//! The values that a field may have: the portal's element for them, or written in the text.

mod elements;
mod unmarked;
mod written;

use feishu_events_gen::internals::schema::{ListedValues, Scalar};

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
    of_type(type_name, written::written_values(&cell.text()))
}

/// Of a list for a field that holds integers, the items that are integers: others are notes.
fn of_type(type_name: &str, mut listed: ListedValues) -> ListedValues {
    let is_int = |value: &str| value.parse::<i64>().is_ok();
    let ints = Scalar::documented(type_name.trim_end_matches("[]")) == Some(Scalar::Int);
    if ints && listed.0.iter().any(|(value, _)| is_int(value)) {
        listed.0.retain(|(value, _)| is_int(value));
    }
    listed
}

/// The values that a cell seems to list, though it does not say so, for a field of the type
/// `type_name` in a table of this kind.
pub(crate) fn unmarked_values(kind: TableKind, cell: &Cell, type_name: &str) -> ListedValues {
    // The portal's own tables mark their lists; converters lose the marks.
    let marked = matches!(kind, TableKind::Levelled | TableKind::Simple);
    if marked || !is_scalar(type_name) {
        return ListedValues::default();
    }
    of_type(
        type_name,
        unmarked::values(written::until_heading(&cell.text())),
    )
}
