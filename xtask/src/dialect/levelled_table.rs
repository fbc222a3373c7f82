//! The portal's own field table: `md-dt-table` with a `level` on every row.

use std::ops::Range;

use super::{Dialect, FieldList, FieldRow};
use crate::facts;
use crate::finding::{Finding, Kind};
use crate::page::{Page, Table, TableKind, TableRow};
use crate::source::Source;

pub(super) struct LevelledTable;

impl Dialect for LevelledTable {
    fn name(&self) -> &'static str {
        "levelled table"
    }

    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList> {
        page.tables()
            .filter(|table| table.kind == TableKind::Levelled)
            .filter_map(|table| field_list(page.source, table, findings))
            .collect()
    }
}

const NAME: &[&str] = &["名称", "字段"];
const TYPE: &[&str] = &["类型", "数据类型"];
const DESCRIPTION: &[&str] = &["描述"];

/// Names and levels beyond these are no facts but damage, and make paths without end.
const LONGEST_NAME: usize = 128;
const DEEPEST: u8 = 32;

/// Where a table has which column.
struct Columns {
    name: usize,
    type_name: usize,
    description: usize,
    count: usize,
}

impl Columns {
    /// The columns by their headings; a table without them is no field table.
    fn of(table: &Table) -> Option<Self> {
        let position = |names: &[&str]| {
            let is_named = |column: &String| names.contains(&column.as_str());
            table.columns.iter().position(is_named)
        };
        Some(Self {
            name: position(NAME)?,
            type_name: position(TYPE)?,
            description: position(DESCRIPTION)?,
            count: table.columns.len(),
        })
    }
}

fn field_list(source: &Source, table: &Table, findings: &mut Vec<Finding>) -> Option<FieldList> {
    let Some(columns) = Columns::of(table) else {
        let what = format!("a table with the columns `{}`", table.columns.join("`, `"));
        let expected = "columns 名称, 类型 and 描述";
        findings.push(
            Finding::new(Kind::OtherTable, source, table.span.clone(), what).expected(expected),
        );
        return None;
    };
    if table.rows.is_empty() {
        let what = "a table of fields without a row";
        let finding = Finding::new(Kind::NoFields, source, table.span.clone(), what);
        findings.push(finding.expected("a row for each field"));
    }
    let rows = table.rows.iter();
    Some(FieldList {
        rows: rows
            .filter_map(|row| field_row(source, &columns, row, findings))
            .collect(),
        span: table.span.clone(),
    })
}

fn field_row(
    source: &Source,
    columns: &Columns,
    row: &TableRow,
    findings: &mut Vec<Finding>,
) -> Option<FieldRow> {
    let mut bad = |span: &Range<usize>, what: String, expected: &str| {
        let finding = Finding::new(Kind::BadRow, source, span.clone(), what);
        findings.push(finding.expected(expected));
    };
    if row.cells.len() != columns.count {
        let what = format!("cells in this row: {}", row.cells.len());
        let expected = format!("{} cells, as the heading has", columns.count);
        bad(&row.span, what, &expected);
        return None;
    }
    let (name_cell, type_cell) = (&row.cells[columns.name], &row.cells[columns.type_name]);
    let (name, type_name) = (name_cell.plain(), type_cell.plain());
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(char::is_whitespace) {
        let what = if name.is_empty() {
            "a row without a name".to_owned()
        } else {
            format!("`{name}` is no name of a field")
        };
        bad(&name_cell.content_span(), what, "one word");
        return None;
    }
    if type_name.is_empty() {
        let what = format!("`{name}` has no type");
        bad(&type_cell.content_span(), what, "a type such as `string`");
        return None;
    }
    let Some(level) = row.level.as_deref() else {
        let what = format!("`{name}` has no level");
        bad(&row.span, what, "`level=\"…\"` in the row's tag");
        return None;
    };
    let Some(level) = level.parse().ok().filter(|level| *level <= DEEPEST) else {
        let what = format!("`{name}` has the level `{level}`");
        bad(&row.span, what, &format!("a number from 0 to {DEEPEST}"));
        return None;
    };
    let description = &row.cells[columns.description];
    let first = findings.len();
    let field = FieldRow {
        level,
        values: facts::values(source, description, findings),
        rules: facts::rules(source, description, findings),
        scopes: facts::scopes(source, description, findings),
        name,
        type_name,
        span: row.span.clone(),
    };
    for finding in &mut findings[first..] {
        finding.row.get_or_insert_with(|| field.name.clone());
    }
    Some(field)
}
