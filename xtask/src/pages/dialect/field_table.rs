//! What all dialects of field tables share: columns, names, types, descriptions.

use std::ops::Range;

use super::{FieldList, FieldRow, Level};
use crate::pages::facts;
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{
    Cell, DESCRIPTION, NAME, Page, TYPE, Table, TableKind, TableRow, is_field_name, is_label,
};
use crate::pages::source::Source;

/// Levels beyond this come from damaged pages, and make paths without end.
pub(crate) const DEEPEST: u8 = 32;

/// The level `depth`, if a row can be that deep.
pub(in crate::pages::dialect) fn level(depth: usize) -> Option<Level> {
    let depth = u8::try_from(depth).ok()?;
    (depth <= DEEPEST).then_some(Level::At(depth))
}

/// Where a table has which column.
pub(in crate::pages::dialect) struct Columns {
    name: usize,
    type_name: usize,
    description: usize,
    count: usize,
}

impl Columns {
    /// The columns by their headings; a table without them is not a field table.
    fn of(table: &Table) -> Option<Self> {
        let position = |names: &[&str]| {
            let is_named = |column: &String| is_label(column, names);
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

/// How far in a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Indent {
    pub(super) width: usize,
    pub(super) corner: bool,
    /// How many corners there are.
    pub(super) corners: usize,
}

/// What is drawn before the names of inner rows.
const CORNERS: &[char] = &['∟', '└', '├', '┗', '┣', '╰', '↳', '│', '─'];

/// Those of them that may stand once for each level.
const BRANCHES: &[char] = &['∟', '└', '├', '┗', '┣', '╰', '↳'];

impl Indent {
    /// The indents of all rows. Ordinary space is layout, but where a converter has left nothing
    /// else in a table of Markdown; there it counts from the least.
    pub(in crate::pages::dialect) fn of_rows(table: &Table, columns: &Columns) -> Vec<Self> {
        let starts: Vec<Start> = table
            .rows
            .iter()
            .map(|row| {
                let cell = row.cells.get(columns.name);
                Start::of(&cell.map_or_else(String::new, Cell::text))
            })
            .collect();
        let drawn = starts.iter().any(|start| start.corner || start.wide > 0);
        let least = starts.iter().map(|start| start.ordinary).min().unwrap_or(0);
        // Some authors write a space behind the bar in one row and none in the next.
        let steps = starts.iter().map(|start| start.ordinary - least);
        let is_layout = steps.max() == Some(1);
        let width = |start: &Start| match table.kind {
            // Where a page is text, all space is drawn.
            TableKind::Text => start.ordinary + start.wide,
            _ if drawn => start.wide,
            TableKind::Pipe if !is_layout => start.ordinary - least,
            _ => 0,
        };
        let indents = starts.iter().map(|start| Self {
            width: width(start),
            corner: start.corner,
            corners: start.corners,
        });
        indents.collect()
    }
}

/// What stands before a name.
struct Start {
    ordinary: usize,
    wide: usize,
    corner: bool,
    corners: usize,
}

impl Start {
    fn of(text: &str) -> Self {
        // Backticks may stand round the corners too.
        let start = |c: &char| c.is_whitespace() || *c == '`' || CORNERS.contains(c);
        let marks: Vec<char> = text
            .chars()
            .take_while(start)
            .filter(|c| *c != '`')
            .collect();
        let until_corner = marks.iter().take_while(|c| !CORNERS.contains(c));
        let (ordinary, wide): (Vec<&char>, Vec<&char>) =
            until_corner.partition(|c| c.is_ascii_whitespace());
        Self {
            ordinary: ordinary.len(),
            wide: wide.len(),
            corner: marks.iter().any(|c| CORNERS.contains(c)),
            corners: marks.iter().filter(|c| BRANCHES.contains(c)).count(),
        }
    }
}

/// The levels of a table's rows, none for those with a bad one; nothing if the table speaks
/// another dialect.
type Levels = fn(&Source, &Table, &Columns, &mut Vec<Finding>) -> Option<Vec<Option<Level>>>;

/// The field tables of a page that speak the dialect whose levels `levels` reads.
pub(in crate::pages::dialect) fn read(
    page: &Page<'_>,
    findings: &mut Vec<Finding>,
    levels: Levels,
) -> Vec<FieldList> {
    let source = page.source;
    let mut lists = Vec::new();
    for table in page.tables() {
        let Some(columns) = Columns::of(table) else {
            continue;
        };
        let Some(levels) = levels(source, table, &columns, findings) else {
            continue;
        };
        if table.rows.is_empty() {
            let what = "a table of fields without a row";
            let finding = Finding::new(Kind::NoFields, source, table.span.clone(), what);
            findings.push(finding.expected("a row for each field"));
        }
        let marked = has_marks(table, &columns);
        let rows = table.rows.iter().zip(levels).filter_map(|(row, level)| {
            let field = field_row(source, table.kind, &columns, row, level, findings)?;
            Some(if marked {
                field.without_unmarked()
            } else {
                field
            })
        });
        lists.push(FieldList {
            rows: rows.collect(),
            span: table.span.clone(),
        });
    }
    lists
}

/// The portal's field tables that are about something else.
pub(in crate::pages::dialect) fn others<'p>(
    page: &'p Page<'_>,
) -> impl Iterator<Item = Finding> + 'p {
    let tables = page
        .tables()
        .filter(|table| table.kind == TableKind::Levelled);
    tables
        .filter(|table| Columns::of(table).is_none())
        .map(|table| other_table(page.source, table))
}

fn other_table(source: &Source, table: &Table) -> Finding {
    let what = format!("a table with the columns `{}`", table.columns.join("`, `"));
    Finding::new(Kind::OtherTable, source, table.span.clone(), what)
        .expected("columns 名称, 类型 and 描述")
}

/// Whether a table of Markdown is the portal's own with all its marks: so is the one that draws each
/// level, as a space that doesn't break and a corner.
fn has_marks(table: &Table, columns: &Columns) -> bool {
    let indents = Indent::of_rows(table, columns);
    let mut inside = indents.iter().filter(|indent| indent.corner).peekable();
    table.kind == TableKind::Pipe
        && inside.peek().is_some()
        && inside.all(|indent| indent.width > 0)
}

fn field_row(
    source: &Source,
    kind: TableKind,
    columns: &Columns,
    row: &TableRow,
    level: Option<Level>,
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
    let name = name
        .trim_start_matches(|c: char| c.is_whitespace() || CORNERS.contains(&c))
        .to_owned();
    if !is_field_name(&name) {
        let what = if name.is_empty() {
            "a row without a name".to_owned()
        } else {
            format!("`{name}` is not a field name")
        };
        bad(&name_cell.content_span(), what, "a name such as `user_id`");
        return None;
    }
    if type_name.is_empty() {
        let what = format!("`{name}` has no type");
        bad(&type_cell.content_span(), what, "a type such as `string`");
        return None;
    }
    let level = level?;
    let description = &row.cells[columns.description];
    let first = findings.len();
    // The portal's own tables mark scopes by elements; others can only write them down.
    let scopes = match kind {
        TableKind::Levelled | TableKind::Simple => facts::scopes,
        TableKind::Html | TableKind::Pipe | TableKind::Text => facts::written_scopes,
    };
    let mut field = FieldRow {
        level,
        level_inferred: false,
        values: facts::values(source, description, &type_name, findings),
        rules: facts::rules(source, description, findings),
        scopes: scopes(source, description, findings),
        scope_names: facts::scope_names(&description.text()),
        sample_type: None,
        values_unmarked: false,
        from_sample: false,
        description: description.own_text().trim().to_owned(),
        name,
        type_name,
        span: row.span.clone(),
    };
    if field.values.is_empty() {
        field.values = facts::unmarked_values(kind, description, &field.type_name);
        field.values_unmarked = true;
    }
    for finding in &mut findings[first..] {
        finding.row.get_or_insert_with(|| field.name.clone());
    }
    Some(field)
}
