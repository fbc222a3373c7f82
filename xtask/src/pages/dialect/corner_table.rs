//! Field tables with corners (`└`, `∟`) before every name that is not outermost: one, whatever the
//! level, or as many as the level is.

use super::field_table::{self, Columns, Indent};
use super::{Dialect, FieldList, Level};
use crate::pages::finding::Finding;
use crate::pages::page::{Page, Table};
use crate::pages::source::Source;

pub(in crate::pages::dialect) struct CornerTable;

impl Dialect for CornerTable {
    fn name(&self) -> &'static str {
        "corner table"
    }

    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList> {
        field_table::read(page, findings, levels)
    }
}

fn levels(
    _: &Source,
    table: &Table,
    columns: &Columns,
    _: &mut Vec<Finding>,
) -> Option<Vec<Option<Level>>> {
    let indents = Indent::of_rows(table, columns);
    if !indents.iter().any(|indent| indent.corner) {
        return None;
    }
    // Where one row has several, each row has one for each of its levels.
    let counted = indents.iter().any(|indent| indent.corners > 1);
    let level = |indent: &Indent| match indent.corners {
        0 if indent.corner => Some(Level::Inside),
        corners if counted || corners == 0 => field_table::level(corners),
        _ => Some(Level::Inside),
    };
    Some(indents.iter().map(level).collect())
}
