//! Tables → rows of cells: the portal's two elements, HTML's own, and the cells of Markdown's.

use std::ops::Range;

use super::markup::{self, Element, Markup};
use super::plain::{plain, unescaped};
use crate::pages::source::Source;

/// The kinds of table elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TableKind {
    /// `md-dt-table`: rows may have a level.
    Levelled,
    /// `md-table`.
    Simple,
    /// HTML's own `table`.
    Html,
    /// Markdown's own table.
    Pipe,
    /// A table drawn with spaces.
    Text,
}

impl TableKind {
    /// The kinds that start with a tag.
    pub(in crate::pages::page) const TAGGED: [Self; 3] = [Self::Levelled, Self::Simple, Self::Html];

    /// The kind whose opening tag has this name.
    pub(in crate::pages::page) fn of_tag(name: &str) -> Option<Self> {
        match name {
            "md-dt-table" => Some(Self::Levelled),
            "md-table" => Some(Self::Simple),
            "table" => Some(Self::Html),
            _ => None,
        }
    }

    /// How the opening tag starts.
    pub(in crate::pages::page) fn open(self) -> &'static str {
        match self {
            Self::Levelled => "<md-dt-table",
            Self::Simple => "<md-table",
            Self::Html => "<table",
            Self::Pipe => "|",
            Self::Text => "",
        }
    }

    /// The closing tag.
    pub(crate) fn close(self) -> &'static str {
        match self {
            Self::Levelled => "</md-dt-table>",
            Self::Simple => "</md-table>",
            Self::Html => "</table>",
            Self::Pipe => "|",
            Self::Text => "",
        }
    }
}

/// A table in rows.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) kind: TableKind,
    /// The texts of the heading row's cells; empty if there is none.
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<TableRow>,
    pub(crate) span: Range<usize>,
    /// Whether the page has the table's end.
    pub(crate) closed: bool,
}

#[derive(Debug)]
pub(crate) struct TableRow {
    /// The attribute `level`, or HTML's `data-level`, as it stands.
    pub(crate) level: Option<String>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) span: Range<usize>,
}

/// A cell: the tags and texts between its own tags.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) markup: Vec<Markup>,
    pub(crate) span: Range<usize>,
}

impl Cell {
    /// The cell's text without tags and Markdown marks.
    pub(crate) fn plain(&self) -> String {
        plain(&self.markdown())
    }

    /// Where the cell's tags and texts stand, without the space around them.
    pub(crate) fn content_span(&self) -> Range<usize> {
        let mut content = self.markup.iter().filter(|markup| !markup.is_space());
        let first = content.next().map(|markup| markup.span.clone());
        let first = first.unwrap_or_else(|| self.span.clone());
        let last = content
            .next_back()
            .map_or(first.end, |markup| markup.span.end);
        first.start..last
    }

    /// The cell's text without tags, its escapes undone: what facts are read from.
    pub(crate) fn text(&self) -> String {
        unescaped(&self.markdown()).into_owned()
    }

    /// The cell's text without tags, as it is written.
    fn markdown(&self) -> String {
        let texts = self.markup.iter().map(|markup| match &markup.element {
            Element::Text(text) => text.as_str(),
            Element::Open { name, .. } if name == "br" => "\n",
            Element::Open { .. } | Element::Close(_) => "",
        });
        texts.collect()
    }

    /// The text that stands in the cell itself, not in an element of it.
    pub(crate) fn own_text(&self) -> String {
        let mut depth = 0_usize;
        let mut own = String::new();
        for markup in &self.markup {
            match &markup.element {
                Element::Open { name, .. } if name != "br" => depth += 1,
                Element::Open { .. } => own.push('\n'),
                Element::Close(_) => depth = depth.saturating_sub(1),
                Element::Text(text) if depth == 0 => own.push_str(text),
                Element::Text(_) => {}
            }
        }
        plain(&own)
    }
}

/// A cell that holds the whole of `source`.
#[cfg(test)]
pub(crate) fn cell_of(source: &Source) -> Cell {
    Cell {
        markup: markup::tokens(source, 0).collect(),
        span: 0..source.text().len(),
    }
}

/// Reads the table that starts at `start`; gives also the offset behind it.
pub(in crate::pages::page) fn read(
    source: &Source,
    start: usize,
    kind: TableKind,
) -> (Table, usize) {
    let mut builder = Builder::new(start, kind);
    for markup in markup::tokens(source, start) {
        if builder.take(markup) {
            break;
        }
    }
    let mut table = builder.finish(source.text().len());
    // An opening tag that is itself cut off gives no tags at all.
    table.span.end = table.span.end.max(start + kind.open().len());
    let behind = table.span.end;
    (table, behind)
}

struct Builder {
    table: Table,
    in_heading: bool,
    row: Option<TableRow>,
    cell: Option<Cell>,
    /// How many tables of the same kind are open inside the current cell.
    nested: usize,
}

impl Builder {
    fn new(start: usize, kind: TableKind) -> Self {
        Self {
            table: Table {
                kind,
                columns: Vec::new(),
                rows: Vec::new(),
                span: start..start,
                closed: false,
            },
            in_heading: false,
            row: None,
            cell: None,
            nested: 0,
        }
    }

    /// Takes the next tag or text; says whether it was the table's end.
    fn take(&mut self, markup: Markup) -> bool {
        let Range { start, end } = markup.span;
        match (self.part(&markup.element), &markup.element) {
            (Some(Part::Table), Element::Open { .. }) if self.cell.is_some() => self.nested += 1,
            (Some(Part::Table), Element::Close(_)) if self.nested > 0 => self.nested -= 1,
            (Some(Part::Table), Element::Close(_)) => {
                self.end_row(start);
                self.table.closed = true;
                self.table.span.end = end;
                return true;
            }
            (Some(part), element) if self.nested == 0 => {
                match (part, element) {
                    (Part::Row, Element::Open { attributes, .. }) => {
                        self.end_row(start);
                        let level = attributes.get("level");
                        let level = level.or_else(|| attributes.get("data-level"));
                        self.start_row(level.cloned(), markup.span);
                    }
                    (Part::Row, _) => self.end_row(end),
                    (Part::Cell, Element::Open { .. }) => self.start_cell(markup.span),
                    (Part::Cell, _) => self.end_cell(start),
                    (Part::Heading, element) => {
                        self.end_row(start);
                        self.in_heading = matches!(element, Element::Open { .. });
                    }
                    (Part::Table, _) => {}
                }
                return false;
            }
            _ => {}
        }
        if let Some(cell) = &mut self.cell {
            cell.markup.push(markup);
        }
        false
    }

    /// What a tag means in a table of this kind. The kinds share no tags, so a table of
    /// another kind inside a cell is the cell's text, even if its end is missing.
    fn part(&self, element: &Element) -> Option<Part> {
        let (Element::Open { name, .. } | Element::Close(name)) = element else {
            return None;
        };
        match (self.table.kind, name.as_str()) {
            (TableKind::Levelled, "md-dt-table")
            | (TableKind::Simple, "md-table")
            | (TableKind::Html, "table") => Some(Part::Table),
            (TableKind::Levelled, "md-dt-thead")
            | (TableKind::Simple, "md-thead")
            | (TableKind::Html, "thead") => Some(Part::Heading),
            (TableKind::Levelled, "md-dt-tr")
            | (TableKind::Simple, "md-tr")
            | (TableKind::Html, "tr") => Some(Part::Row),
            (TableKind::Simple, "tr") if self.in_heading => Some(Part::Row),
            (TableKind::Levelled, "md-dt-td" | "md-dt-th")
            | (TableKind::Simple, "md-td" | "md-th")
            | (TableKind::Html, "td" | "th") => Some(Part::Cell),
            _ => None,
        }
    }

    fn start_row(&mut self, level: Option<String>, span: Range<usize>) {
        self.row = Some(TableRow {
            level,
            cells: Vec::new(),
            span,
        });
    }

    fn start_cell(&mut self, span: Range<usize>) {
        self.end_cell(span.start);
        if self.row.is_none() {
            self.start_row(None, span.clone());
        }
        self.cell = Some(Cell {
            markup: Vec::new(),
            span: span.end..span.end,
        });
    }

    fn end_cell(&mut self, end: usize) {
        if let Some(mut cell) = self.cell.take() {
            cell.span.end = end.max(cell.span.start);
            if let Some(row) = &mut self.row {
                row.cells.push(cell);
            }
        }
    }

    fn end_row(&mut self, end: usize) {
        self.end_cell(end);
        self.nested = 0;
        let Some(mut row) = self.row.take() else {
            return;
        };
        row.span.end = end.max(row.span.end);
        if self.in_heading {
            self.table.columns = row.cells.iter().map(Cell::own_text).collect();
        } else {
            self.table.rows.push(row);
        }
    }

    fn finish(mut self, end: usize) -> Table {
        if !self.table.closed {
            self.end_row(end);
            self.table.span.end = end;
        }
        // HTML may mark its headings by their cells alone.
        if self.table.kind == TableKind::Html
            && self.table.columns.is_empty()
            && !self.table.rows.is_empty()
        {
            let heading = self.table.rows.remove(0);
            self.table.columns = heading.cells.iter().map(Cell::own_text).collect();
        }
        self.table
    }
}

enum Part {
    Table,
    Heading,
    Row,
    Cell,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let source = Source::new("p.md", text);
        let kind = if text.starts_with("<md-dt") {
            TableKind::Levelled
        } else {
            TableKind::Simple
        };
        let (table, behind) = read(&source, 0, kind);
        let row = |row: &TableRow| {
            let cells: Vec<String> = row.cells.iter().map(Cell::plain).collect();
            format!("{}{}", row.level.as_deref().unwrap_or("-"), cells.join("|"))
        };
        let rows: Vec<String> = table.rows.iter().map(row).collect();
        let columns = table.columns.join("|");
        format!(
            "{columns}; {}; closed: {}; behind: {:?}",
            rows.join(" / "),
            table.closed,
            &text[behind..]
        )
    }

    #[test]
    fn rows_and_cells_end_where_the_next_begin() {
        let table = "<md-dt-table><md-dt-thead><md-dt-tr><md-dt-th>N</md-dt-th></md-dt-tr>\
            </md-dt-thead><md-dt-tr level=\"0\"><md-dt-td>a<md-dt-td>b</md-dt-tr></md-dt-td>\
            </md-dt-tr><md-dt-tr level=1><md-dt-td>c\\_d<br>e</md-dt-td></md-dt-table>:::";
        assert_eq!(
            shown(table),
            "N; 0a|b / 1c_d e; closed: true; behind: \":::\""
        );
    }

    #[test]
    fn tables_inside_a_cell_are_text() {
        let same = "<md-table><md-tr><md-th>a</md-th><md-td>b <md-table><md-tr><md-td>c</md-td>\
            </md-tr></md-table> d</md-td></md-tr></md-table>";
        assert_eq!(shown(same), "; -a|b c d; closed: true; behind: \"\"");
        let other = "<md-dt-table><md-dt-tr level=\"0\"><md-dt-td><md-table><md-tr>a</md-dt-td>\
            </md-dt-tr><md-dt-tr level=\"0\"><md-dt-td>b</md-dt-table>";
        assert_eq!(shown(other), "; 0a / 0b; closed: true; behind: \"\"");
    }

    #[test]
    fn what_is_cut_off_is_not_closed() {
        for cut in [
            "<md-table><md-tr><md-td>a",
            "<md-table",
            "<md-table><md-tr><md-td>a</md-td",
        ] {
            assert!(shown(cut).contains("closed: false; behind: \"\""), "{cut}");
        }
    }
}
