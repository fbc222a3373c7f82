//! Field tables that have lost their levels: the portal's own Markdown export and its mirrors.

use super::field_table::{self, Columns};
use super::{Dialect, FieldList, Level};
use crate::pages::finding::Finding;
use crate::pages::page::{Page, Table, TableKind};
use crate::pages::source::Source;

pub(in crate::pages::dialect) struct FlatTable;

impl Dialect for FlatTable {
    fn name(&self) -> &'static str {
        "flat table"
    }

    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList> {
        field_table::read(page, findings, levels)
    }
}

fn levels(
    _: &Source,
    table: &Table,
    _: &Columns,
    _: &mut Vec<Finding>,
) -> Option<Vec<Option<Level>>> {
    (table.kind != TableKind::Levelled).then(|| vec![Some(Level::Open); table.rows.len()])
}
