//! Tables drawn with spaces, as text browsers and converters to plain text draw them, or pages whose
//! tables have lost all marks: one row per line, its words in order.

use std::ops::Range;

use super::event_name::is_event_type;
use super::labels::{DESCRIPTION, EVENT_TYPE, NAME, TYPE, is_label};
use super::markup;
use super::table::{Cell, Table, TableKind, TableRow};
use crate::pages::source::{Line, Source};

/// Reads the table whose heading, or whose row that names the event, is `first`; gives also the
/// offset at which its last line ends.
pub(super) fn read(source: &Source, first: Line<'_>) -> Option<(Table, usize)> {
    if let Some(columns) = columns(first.text) {
        return Some(fields(source, first, columns));
    }
    names_event(first.text).then(|| info(source, first))
}

/// The headings of the columns of a table of fields, if `line` has these and nothing else.
fn columns(line: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [name, kind, description] = words[..] else {
        return None;
    };
    let labels = [(name, NAME), (kind, TYPE), (description, DESCRIPTION)];
    let are_labels = labels.iter().all(|(word, labels)| is_label(word, labels));
    are_labels.then(|| words.iter().map(|word| (*word).to_owned()).collect())
}

/// Whether `line` is a label and the name of an event behind it.
fn names_event(line: &str) -> bool {
    let named = EVENT_TYPE.iter().find_map(|label| {
        let start = line.trim_start().get(..label.len())?;
        let rest = line.trim_start().get(label.len()..)?;
        start.eq_ignore_ascii_case(label).then_some(rest)
    });
    named.is_some_and(|rest| {
        let name = rest.trim();
        rest.starts_with(char::is_whitespace) && name.contains(['_', '.']) && is_event_type(name)
    })
}

fn fields(source: &Source, heading: Line<'_>, columns: Vec<String>) -> (Table, usize) {
    let aligned = heading.text.trim().contains("  ");
    let mut rows: Vec<TableRow> = Vec::new();
    let mut behind = heading.end();
    let mut ruled = false;
    let mut lines = source.lines_from(heading.end() + 1).peekable();
    while let Some(line) = lines.next() {
        if is_rule(line.text) {
            ruled = true;
            behind = line.end();
            continue;
        }
        if line.text.trim().is_empty() {
            // Some draw a rule and part the rows by empty lines.
            let goes_on = |next: &Line<'_>| split(next.text, aligned).len() > 1;
            if ruled && lines.peek().is_some_and(goes_on) {
                continue;
            }
            break;
        }
        let parts = split(line.text, aligned);
        let indent = line.text.len() - line.text.trim_start().len();
        let spans = |part: &Range<usize>| line.start + part.start..line.start + part.end;
        let continues = rows.last().is_some_and(|row| {
            let name = row.cells.first().map_or(0, |cell| cell.span.len());
            aligned && indent > name
        });
        match &parts[..] {
            _ if continues => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.cells.last_mut()) {
                    *cell = self::cell(source, cell.span.start..line.end());
                }
            }
            [name, kind, rest @ ..] => {
                let described = rest.first().map_or(line.text.len(), |part| part.start);
                let cells = [
                    line.start..line.start + name.end,
                    spans(kind),
                    line.start + described..line.end(),
                ];
                rows.push(TableRow {
                    level: None,
                    span: line.start..line.end(),
                    cells: cells.map(|span| cell(source, span)).into(),
                });
            }
            _ => break,
        }
        behind = line.end();
    }
    let table = Table {
        kind: TableKind::Text,
        columns,
        rows,
        span: heading.start..behind,
        closed: true,
    };
    (table, behind)
}

/// A label and its cell a line; what is further in goes on with the cell before.
fn info(source: &Source, first: Line<'_>) -> (Table, usize) {
    let mut rows: Vec<TableRow> = Vec::new();
    let mut behind = first.end();
    for line in source.lines_from(first.start) {
        let text = line.text.trim_end();
        if text.trim().is_empty() || text.starts_with('#') {
            break;
        }
        behind = line.end();
        let indented = text.starts_with("    ") && !rows.is_empty();
        let start = text.len() - text.trim_start().len();
        let gap = text[start..].find("  ").or_else(|| {
            let known = EVENT_TYPE.iter().map(|label| label.len());
            let known = known.filter(|_| names_event(text)).find(|length| {
                text[start..]
                    .get(*length..)
                    .is_some_and(|rest| rest.starts_with(' '))
            });
            known.or_else(|| text[start..].find(' '))
        });
        match (gap, rows.last_mut().and_then(|row| row.cells.last_mut())) {
            (None, Some(cell)) => *cell = self::cell(source, cell.span.start..line.end()),
            (Some(_), Some(cell)) if indented => {
                *cell = self::cell(source, cell.span.start..line.end());
            }
            (Some(gap), _) => {
                let gap = line.start + start + gap;
                rows.push(TableRow {
                    level: None,
                    span: line.start..line.end(),
                    cells: vec![
                        cell(source, line.start + start..gap),
                        cell(source, gap..line.end()),
                    ],
                });
            }
            (None, None) => {}
        }
    }
    let table = Table {
        kind: TableKind::Text,
        columns: Vec::new(),
        rows,
        span: first.start..behind,
        closed: true,
    };
    (table, behind)
}

/// The name, the type and what follows them: the name with what is drawn before it. The columns of
/// an aligned table are two spaces or more apart.
fn split(line: &str, aligned: bool) -> Vec<Range<usize>> {
    let drawn = |c: char| c.is_whitespace() || "∟└├┗┣╰↳│─`".contains(c);
    let text = line.trim_end();
    let mut at = text.len() - text.trim_start_matches(drawn).len();
    let mut parts = Vec::new();
    while at < text.len() && parts.len() < 3 {
        let rest = &text[at..];
        let end = if parts.len() == 2 {
            None
        } else if aligned {
            rest.find("  ")
        } else {
            let mut depth = 0_usize;
            rest.find(|c: char| {
                match c {
                    '<' => depth += 1,
                    '>' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                c.is_whitespace() && depth == 0
            })
        };
        let end = end.map_or(text.len(), |end| at + end);
        parts.push(at..end);
        at = text.len() - text[end..].trim_start().len();
    }
    parts
}

/// A line of hyphens below the headings.
fn is_rule(line: &str) -> bool {
    line.contains("--") && line.chars().all(|c| matches!(c, '-' | ' ' | '─' | '='))
}

fn cell(source: &Source, span: Range<usize>) -> Cell {
    Cell {
        markup: markup::within(source, span.clone()).collect(),
        span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let source = Source::new("p.txt", text);
        let (table, behind) = read(&source, source.lines().next()?)?;
        let rows = table.rows.iter().map(|row| {
            let cells: Vec<String> = row.cells.iter().map(Cell::plain).collect();
            cells.join("|")
        });
        let rows: Vec<String> = rows.collect();
        Some(format!("{}; {:?}", rows.join(" / "), &text[behind..]))
    }

    #[test]
    fn a_row_is_a_line_whose_words_are_its_cells() {
        let text = "名称 类型 描述\nevent - -\n ∟tree tree[] 一 棵\n  ∟∟by map<string, int>\n\nx";
        assert_eq!(
            shown(text).unwrap(),
            "event|-|- / ∟tree|tree[]|一 棵 / ∟∟by|map<string, int>|; \"\\n\\nx\""
        );
    }

    #[test]
    fn columns_may_be_aligned_and_their_text_goes_on_below() {
        let text = "  Name       Type         Description\n -------- ----- ----\nevent        -            An\n                          event.\n └ by a      user id      Who\n";
        assert_eq!(
            shown(text).unwrap(),
            "event|-|An event. / └ by a|user id|Who; \"\\n\""
        );
    }

    #[test]
    fn what_names_an_event_is_a_table_of_labels() {
        let text =
            "Event type  garden.tree.grown_v1\nRequired scopes  a:b\n                 c:d\n\nx";
        assert_eq!(
            shown(text).unwrap(),
            "Event type|garden.tree.grown_v1 / Required scopes|a:b c:d; \"\\n\\nx\""
        );
        assert_eq!(shown("事件类型 garden.tree.grown_v1 is old\n"), None);
        assert_eq!(shown("名称 类型 描述 备注\n"), None);
    }
}
