//! The portal's own field table: a `level` on every row.

use std::ops::Range;

use super::field_table::{self, Columns};
use super::{Dialect, FieldList, Level};
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Cell, Page, Table, TableKind};
use crate::pages::source::Source;

pub(in crate::pages::dialect) struct LevelledTable;

impl Dialect for LevelledTable {
    fn name(&self) -> &'static str {
        "levelled table"
    }

    fn is_complete(&self) -> bool {
        true
    }

    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList> {
        field_table::read(page, findings, levels)
    }
}

fn levels(
    source: &Source,
    table: &Table,
    _: &Columns,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Option<Level>>> {
    let speaks =
        table.kind == TableKind::Levelled || table.rows.iter().any(|row| row.level.is_some());
    if !speaks {
        return None;
    }
    let mut bad = |span: &Range<usize>, what: String, expected: &str| {
        let finding = Finding::new(Kind::BadRow, source, span.clone(), what);
        findings.push(finding.expected(expected));
    };
    let levels = table.rows.iter().map(|row| {
        let name = row.cells.first().map(Cell::plain);
        let name = name.unwrap_or_default();
        let Some(level) = row.level.as_deref() else {
            let what = format!("`{name}` has no level");
            bad(&row.span, what, "`level=\"…\"` in the row's tag");
            return None;
        };
        let read = level.trim().parse().ok().and_then(field_table::level);
        if read.is_none() {
            let what = format!("`{name}` has the level `{level}`");
            let expected = format!("a number from 0 to {}", field_table::DEEPEST);
            bad(&row.span, what, &expected);
        }
        read
    });
    Some(levels.collect())
}
