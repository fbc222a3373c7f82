//! Field tables that show a level by the space before a name, mostly with a corner behind it:
//! `&nbsp;&nbsp;└`, `&emsp;∟`, or two spaces a level.

use super::field_table::{self, Columns, Indent};
use super::{Dialect, FieldList, Level};
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Page, Table};
use crate::pages::source::Source;

pub(in crate::pages::dialect) struct IndentedTable;

impl Dialect for IndentedTable {
    fn name(&self) -> &'static str {
        "indented table"
    }

    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList> {
        field_table::read(page, findings, levels)
    }
}

fn levels(
    source: &Source,
    table: &Table,
    columns: &Columns,
    findings: &mut Vec<Finding>,
) -> Option<Vec<Option<Level>>> {
    let indents = Indent::of_rows(table, columns);
    // The least step is one level; without any, the table speaks another dialect.
    let unit = indents
        .iter()
        .map(|indent| indent.width)
        .filter(|w| *w > 0)
        .min()?;
    let levels = indents.iter().zip(&table.rows).map(|(indent, row)| {
        let level = field_table::level(indent.width / unit);
        if indent.width % unit == 0 && (indent.width > 0 || !indent.corner) && level.is_some() {
            return level;
        }
        let what = format!(
            "the name stands {} characters deep, others {unit}",
            indent.width
        );
        findings.push(
            Finding::new(Kind::BadRow, source, row.span.clone(), what)
                .expected(format!("a multiple of {unit}")),
        );
        None
    });
    Some(levels.collect())
}
