//! Field tables with one corner (`└`, `∟`) before every name that is not outermost.

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
    let level = |indent: &Indent| {
        Some(if indent.corner {
            Level::Inside
        } else {
            Level::At(0)
        })
    };
    Some(indents.iter().map(level).collect())
}
