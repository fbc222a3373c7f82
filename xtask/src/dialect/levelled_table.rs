//! The portal's own field table: `md-dt-table` with a `level` on every row.

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
    let mut bad = |what: String, expected: String| {
        let finding = Finding::new(Kind::BadRow, source, row.span.clone(), what);
        findings.push(finding.expected(expected));
    };
    if row.cells.len() != columns.count {
        let what = format!("a row of {} cells", row.cells.len());
        bad(what, format!("{} cells, as the heading has", columns.count));
        return None;
    }
    let (name, type_name) = (&row.cells[columns.name], &row.cells[columns.type_name]);
    let (name, type_name) = (name.plain(), type_name.plain());
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(char::is_whitespace) {
        bad(
            format!("a row with the name `{name}`"),
            "the name of a field".to_owned(),
        );
        return None;
    }
    if type_name.is_empty() {
        bad(
            format!("`{name}` has no type"),
            "the type of the field".to_owned(),
        );
        return None;
    }
    let level = row.level.as_deref().unwrap_or_default();
    let Some(level) = level.parse().ok().filter(|level| *level <= DEEPEST) else {
        bad(
            format!("`{name}` has the level `{level}`"),
            "a small number".to_owned(),
        );
        return None;
    };
    let description = &row.cells[columns.description];
    Some(FieldRow {
        level,
        name,
        type_name,
        values: facts::values(source, description, findings),
        rules: facts::rules(source, description, findings),
        scopes: facts::scopes(source, description, findings),
        span: row.span.clone(),
    })
}
