//! HTML as a browser saves it → headings, tables and code, in order, from the tree that a browser
//! makes of it: end tags may be missing, and tables drawn with `div` and ARIA roles.
//!
//! What tabs and folded parts hide is in the tree like all else. What scripts would show
//! (`template`, `noscript`) is read only if nothing else is there.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html as Tree, Node};

use super::blocks::{Block, Heading};
use super::code::Code;
use super::html::Html;
use super::html_rows::{Drawn, part};
use super::labels::{NAME, is_label};
use super::markup::{Element, Markup};
use super::plain::plain;
use super::table::{Cell, Table, TableKind, TableRow};
use crate::pages::source::Source;

/// Tables inside of more tables than this are text.
const DEEPEST: usize = 6;
/// How far ahead in the page's text a piece of the tree is looked for.
const AHEAD: usize = 1 << 14;
/// Elements that start and end a line.
const LINES: [&str; 12] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "tr",
    "dt",
    "dd",
    "table",
    "section",
    "blockquote",
    "pre",
];

/// Reads an HTML document.
pub(super) fn read(source: &Source) -> Html<'_> {
    let tree = Tree::parse_document(source.text());
    let mut html = walk(source, &tree, false);
    if !html.blocks.iter().any(is_table) {
        html = walk(source, &tree, true);
    }
    // The tree closes what the page leaves open. End tags may be missing; a page that ends inside a
    // table, before the end of its document, is cut.
    if ends_inside_a_table(source.text())
        && let Some(Block::Table(last)) = html.blocks.iter_mut().rfind(|block| is_table(block))
    {
        last.closed = false;
    }
    html
}

fn is_table(block: &Block<'_>) -> bool {
    matches!(block, Block::Table(_))
}

/// Whether nothing after the last start of a table closes it or the document.
fn ends_inside_a_table(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let rest = text.rfind("<table").and_then(|start| text.get(start..));
    rest.is_some_and(|rest| {
        !["</table", "</body", "</html"]
            .iter()
            .any(|end| rest.contains(end))
    })
}

fn walk<'a>(source: &'a Source, tree: &Tree, hidden: bool) -> Html<'a> {
    let mut walker = Walker {
        source,
        at: 0,
        html: Html::default(),
        tables: Vec::new(),
        line: None,
        skipped: None,
        hidden,
    };
    for edge in tree.tree.root().traverse() {
        match edge {
            Edge::Open(node) => walker.open(node),
            Edge::Close(node) => walker.close(node),
        }
    }
    walker.html
}

/// A heading, a title or code whose text is being collected.
struct Line {
    node: ego_tree::NodeId,
    name: String,
    text: String,
    start: usize,
}

/// A table whose rows are being collected.
struct Open {
    node: ego_tree::NodeId,
    table: Table,
    row: Option<TableRow>,
    /// Whether all cells of the row are headings.
    heads: bool,
    cell: Option<Cell>,
    /// Where in the row the cell belongs: before the empty ones that stand for its width.
    place: usize,
}

struct Walker<'a> {
    source: &'a Source,
    /// Behind the last piece of text that was found on the page.
    at: usize,
    html: Html<'a>,
    tables: Vec<Open>,
    line: Option<Line>,
    /// The element whose content is skipped.
    skipped: Option<ego_tree::NodeId>,
    hidden: bool,
}

impl Walker<'_> {
    fn open(&mut self, node: NodeRef<'_, Node>) {
        if self.skipped.is_some() {
            return;
        }
        match node.value() {
            Node::Text(text) => self.text(text),
            Node::Element(_) => {
                if let Some(element) = ElementRef::wrap(node) {
                    self.element(node.id(), element);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let span = self.find(text);
        if let Some(line) = &mut self.line {
            line.text.push_str(text);
        }
        self.push(&Element::Text(text.to_owned()), &span);
    }

    /// Adds a tag or text to each open cell: what is in a nested table is in the outer one too.
    fn push(&mut self, element: &Element, span: &Range<usize>) {
        for cell in self.tables.iter_mut().filter_map(|open| open.cell.as_mut()) {
            cell.span.end = cell.span.end.max(span.end);
            cell.markup.push(Markup {
                element: element.clone(),
                span: span.clone(),
            });
        }
    }

    fn element(&mut self, node: ego_tree::NodeId, element: ElementRef<'_>) {
        let name = element.value().name();
        let here = self.at..self.at;
        let script = matches!(name, "script" | "style" | "svg");
        let hidden = matches!(name, "template" | "noscript") && !self.hidden;
        if script || hidden {
            self.skipped = Some(node);
            return;
        }
        let in_cell = self.tables.iter().any(|open| open.cell.is_some());
        if collects(element) && self.line.is_none() && !in_cell {
            self.line = Some(Line {
                node,
                name: name.to_owned(),
                text: String::new(),
                start: self.at,
            });
            return;
        }
        if name == "br"
            && let Some(line) = &mut self.line
        {
            line.text.push('\n');
        }
        match part(element) {
            Some(Drawn::Table) if self.tables.len() < DEEPEST => {
                self.push(&Element::Text("\n".to_owned()), &here);
                self.tables.push(Open::new(node, self.at));
            }
            Some(Drawn::Row) => {
                self.push(&Element::Text("\n".to_owned()), &here);
                if let Some(open) = self.tables.last_mut() {
                    open.start_row(element, self.at);
                }
            }
            Some(Drawn::Cell { heading }) => {
                self.push(&Element::Text(" ".to_owned()), &here);
                if let Some(open) = self.tables.last_mut() {
                    open.start_cell(element, heading, self.at);
                }
            }
            // As Markdown has them: a list of values may need both marks.
            _ if name == "li" => self.push(&Element::Text("\n- ".to_owned()), &here),
            _ if name == "code" => self.push(&Element::Text("`".to_owned()), &here),
            _ if LINES.contains(&name) => self.push(&Element::Text("\n".to_owned()), &here),
            _ => {
                let attributes = element.value().attrs();
                let attributes = attributes.map(|(key, value)| (key.to_owned(), value.to_owned()));
                let open = Element::Open {
                    name: name.to_owned(),
                    attributes: attributes.collect::<BTreeMap<_, _>>(),
                };
                self.push(&open, &here);
            }
        }
    }

    fn close(&mut self, node: NodeRef<'_, Node>) {
        if self.skipped.is_some() {
            self.skipped = self.skipped.filter(|skipped| *skipped != node.id());
            return;
        }
        let Some(element) = ElementRef::wrap(node) else {
            return;
        };
        let here = self.at..self.at;
        if let Some(line) = self.line.take_if(|line| line.node == node.id()) {
            self.take(line);
            return;
        }
        let name = element.value().name();
        match part(element) {
            Some(Drawn::Table) => {
                let is_open = |open: &mut Open| open.node == node.id();
                if let Some(open) = self.tables.pop_if(is_open) {
                    let table = open.finish(self.at);
                    self.html.blocks.push(Block::Table(table));
                }
            }
            Some(Drawn::Row) => {
                if let Some(open) = self.tables.last_mut() {
                    open.end_row(self.at);
                }
            }
            Some(Drawn::Cell { .. }) => {
                if let Some(open) = self.tables.last_mut() {
                    open.end_cell();
                }
            }
            None if LINES.contains(&name) => self.push(&Element::Text("\n".to_owned()), &here),
            None if name == "br" => {}
            None if name == "code" => self.push(&Element::Text("`".to_owned()), &here),
            None => self.push(&Element::Close(name.to_owned()), &here),
        }
    }

    fn take(&mut self, line: Line) {
        let span = line.start..self.at.max(line.start);
        match line.name.as_str() {
            "title" if self.html.title.is_none() => {
                self.html.title = Some(plain(&line.text)).filter(|title| !title.is_empty());
            }
            "title" => {}
            "pre" | "textarea" => self.html.blocks.push(Block::Code(Code {
                text: Cow::Owned(line.text),
                span,
            })),
            _ => self.html.blocks.push(Block::Heading(Heading {
                text: Cow::Owned(plain(&line.text)),
                bold: false,
                span,
            })),
        }
    }

    /// Where a piece of text stands on the page: the tree does not tell, but its order does.
    fn find(&mut self, text: &str) -> Range<usize> {
        let line = text.trim().lines().next().unwrap_or_default();
        let page = self.source.text();
        let mut end = (self.at + AHEAD).min(page.len());
        while !page.is_char_boundary(end) {
            end += 1;
        }
        if !line.is_empty()
            && let Some(found) = page[self.at..end].find(line)
        {
            let start = self.at + found;
            self.at = start + line.len();
            return start..self.at;
        }
        self.at..self.at
    }
}

fn collects(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    let heading = name.len() == 2 && name.starts_with('h') && name != "hr";
    let role = element.value().attr("role") == Some("heading");
    heading || role || matches!(name, "pre" | "title" | "textarea")
}

impl Open {
    fn new(node: ego_tree::NodeId, at: usize) -> Self {
        Self {
            node,
            table: Table {
                kind: TableKind::Html,
                columns: Vec::new(),
                rows: Vec::new(),
                span: at..at,
                closed: true,
            },
            row: None,
            heads: true,
            cell: None,
            place: 0,
        }
    }

    fn start_row(&mut self, element: ElementRef<'_>, at: usize) {
        self.end_row(at);
        self.heads = true;
        let attribute = |name| element.value().attr(name).map(str::to_owned);
        let level = attribute("level").or_else(|| attribute("data-level"));
        self.row = Some(TableRow {
            // Of ARIA's levels the outermost is 1.
            level: level.or_else(|| {
                let level: u8 = attribute("aria-level")?.trim().parse().ok()?;
                Some(level.saturating_sub(1).to_string())
            }),
            cells: Vec::new(),
            span: at..at,
        });
    }

    fn start_cell(&mut self, element: ElementRef<'_>, heading: bool, at: usize) {
        self.end_cell();
        self.heads &= heading;
        let row = self.row.get_or_insert_with(|| TableRow {
            level: None,
            cells: Vec::new(),
            span: at..at,
        });
        self.place = row.cells.len();
        // A cell over several columns stands for itself and empty ones.
        let wide = element
            .value()
            .attr("colspan")
            .and_then(|wide| wide.parse().ok());
        for _ in 1..wide.unwrap_or(1_usize).min(16) {
            row.cells.push(Cell::default());
        }
        self.cell = Some(Cell {
            markup: Vec::new(),
            span: at..at,
        });
    }

    fn end_cell(&mut self) {
        if let (Some(cell), Some(row)) = (self.cell.take(), self.row.as_mut()) {
            row.cells.insert(self.place.min(row.cells.len()), cell);
        }
    }

    fn end_row(&mut self, at: usize) {
        self.end_cell();
        let Some(mut row) = self.row.take() else {
            return;
        };
        row.span.end = at.max(row.span.start);
        let labels = row
            .cells
            .first()
            .is_some_and(|cell| is_label(&cell.plain(), NAME));
        let first = self.table.rows.is_empty() && self.table.columns.is_empty();
        if first && !row.cells.is_empty() && (self.heads || labels) {
            self.table.columns = row.cells.iter().map(Cell::plain).collect();
        } else if !row.cells.is_empty() {
            self.table.rows.push(row);
        }
    }

    fn finish(mut self, at: usize) -> Table {
        self.end_row(at);
        self.table.span.end = at.max(self.table.span.start);
        self.table
    }
}
