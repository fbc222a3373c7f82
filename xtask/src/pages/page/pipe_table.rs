//! Markdown's own tables, with or without outer pipes, with rows over several lines.
//!
//! Parsers of Markdown (`pulldown-cmark`, `comrak`) end a table at the first line without a pipe and
//! cut off cells that are too many. On pages a cell goes on in the next line or over a blank one, has
//! a pipe of its own in code, and is followed by a heading that a converter glued to it.

use std::ops::Range;

use super::markup;
use super::pipe_lines::{closes, ends, has_rows, is_broken, is_closed, is_rule};
use super::table::{Cell, Table, TableKind, TableRow};
use super::wrapped_rows;
use crate::pages::source::{Line, Source};

/// More columns than any table has; anything wider is not a table.
const MOST_COLUMNS: usize = 64;

/// A table, where it ends, and a heading that somebody's converter glued to its last row.
pub(in crate::pages::page) struct PipeTable {
    pub(in crate::pages::page) table: Table,
    pub(in crate::pages::page) behind: usize,
    pub(in crate::pages::page) glued: Option<Range<usize>>,
}

/// Reads the table whose heading is `heading`; nothing if the next line doesn't draw its rule.
pub(in crate::pages::page) fn read(source: &Source, heading: Line<'_>) -> Option<PipeTable> {
    if !heading.text.contains('|') {
        return None;
    }
    let mut lines = source.lines_from(heading.end() + 1);
    let rule = lines.next().filter(|line| is_rule(line.text))?;
    let count = cells(&rule, 0).len();
    let columns = cells(&heading, count);
    if !(2..=MOST_COLUMNS).contains(&count) || count != columns.len() {
        return None;
    }
    let columns: Vec<String> = columns
        .iter()
        .map(|span| cell(source, span.clone()).plain())
        .collect();
    if is_broken(rule.text) && !rule.text.trim_start().starts_with('|') {
        return Some(wrapped(source, &heading, &rule, columns));
    }
    let closed = |line: &Line<'_>| line.text.trim_start().starts_with('|') && is_closed(line.text);
    let mut reader = Reader {
        source,
        count,
        closed: closed(&heading) && closed(&rule),
        rows: Vec::new(),
        row: None,
    };
    let mut behind = rule.end();
    let mut glued = None;
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        if reader.is_open()
            && (!line.text.trim_start().starts_with('|') || line.text.trim() == "|")
            && closes(source, line.start)
        {
            behind = line.end();
            reader.extend(line);
            continue;
        }
        // A rule below it makes the line the heading of another table.
        let heads = lines.peek().is_some_and(|next| is_rule(next.text));
        if heads || ends(line.text) {
            // An empty line in a cell does not end the table if a row with as many cells follows.
            if line.text.trim().is_empty() && goes_on(source, line.end() + 1, count) {
                continue;
            }
            break;
        }
        // Plain text belongs to the table only in a row's middle.
        let inside = reader.is_broken() || has_rows(source, line.start);
        if !line.text.contains('|') && !inside {
            break;
        }
        behind = line.end();
        glued = reader.take(line);
        if glued.is_some() {
            break;
        }
    }
    reader.end_row();
    let table = Table {
        kind: TableKind::Pipe,
        columns,
        rows: reader.rows,
        span: heading.start..behind,
        closed: true,
    };
    Some(PipeTable {
        table,
        behind,
        glued,
    })
}

/// A table whose rows end in two spaces.
fn wrapped(
    source: &Source,
    heading: &Line<'_>,
    rule: &Line<'_>,
    columns: Vec<String>,
) -> PipeTable {
    let (rows, behind) = wrapped_rows::read(source, rule, columns.len(), cells);
    let rows = rows.into_iter().map(|cells| TableRow {
        level: None,
        span: cells.first().map_or(behind, |cell| cell.start)
            ..cells.last().map_or(behind, |cell| cell.end),
        cells: cells.into_iter().map(|span| cell(source, span)).collect(),
    });
    let table = Table {
        kind: TableKind::Pipe,
        columns,
        rows: rows.collect(),
        span: heading.start..behind,
        closed: true,
    };
    PipeTable {
        table,
        behind,
        glued: None,
    }
}

/// Whether the line that starts at `at` is a row of `count` cells, and no heading of a table.
fn goes_on(source: &Source, at: usize, count: usize) -> bool {
    let mut lines = source.lines_from(at);
    let Some(line) = lines.next().filter(|line| line.text.contains('|')) else {
        return false;
    };
    let heads = lines.next().is_some_and(|next| is_rule(next.text));
    !heads && !ends(line.text) && cells(&line, count).len() == count
}

struct Reader<'s> {
    source: &'s Source,
    count: usize,
    /// Whether each row starts and ends with a pipe: one that does not end goes on.
    closed: bool,
    rows: Vec<TableRow>,
    row: Option<Open>,
}

/// A row that may go on in the next line.
struct Open {
    cells: Vec<Range<usize>>,
    /// Whether the last line ended in the two spaces that mean a line break.
    breaks: bool,
    /// Whether its last line ended in a pipe.
    closed: bool,
    /// Whether that was the pipe before a cell that begins in the next line.
    dangling: bool,
}

impl Reader<'_> {
    /// Whether the last line ended in a line break.
    fn is_broken(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.breaks)
    }

    /// Whether the last row has no end yet, in a table whose rows have one.
    fn is_open(&self) -> bool {
        let open = |row: &Open| !row.closed && row.cells.len() <= self.count;
        self.closed && self.row.as_ref().is_some_and(open)
    }

    /// Goes on with the row that is open: the first cell of the line is more of its last one.
    fn extend(&mut self, line: Line<'_>) {
        let Some(row) = &mut self.row else { return };
        let text = line.text.trim_end();
        if std::mem::take(&mut row.dangling) {
            row.cells.push(line.start..line.start);
        }
        row.closed = is_closed(text);
        row.breaks = false;
        let inside = Line {
            start: line.start,
            text: text
                .strip_suffix('|')
                .filter(|_| row.closed)
                .unwrap_or(text),
        };
        let missing = self.count + 1 - row.cells.len().min(self.count);
        let mut parts = cells(&inside, 0);
        if parts.len() > missing {
            // What is too much is text with pipes in it.
            parts.truncate(missing);
            if let Some(last) = parts.last_mut() {
                last.end = inside.end();
            }
        }
        let mut parts = parts.into_iter();
        if let (Some(last), Some(more)) = (row.cells.last_mut(), parts.next()) {
            last.end = more.end;
        }
        row.cells.extend(parts);
    }

    /// Takes a line; gives the heading that is glued to it.
    fn take(&mut self, line: Line<'_>) -> Option<Range<usize>> {
        let count = self.count;
        let mut cells = cells(&line, count);
        let glued = cells.get(count).cloned().and_then(|extra| {
            let text = self.source.slice(extra.clone());
            let start = extra.start + (text.len() - text.trim_start().len());
            text.trim_start()
                .starts_with("##")
                .then_some(start..line.end())
        });
        if let (Some(_), Some(last)) = (cells.get(count), cells.get(count - 1).cloned()) {
            // What a cell too much holds is text of the last one that has pipes in it.
            let end = if glued.is_some() {
                last.end
            } else {
                let text = line.text.trim_end();
                line.start + text.strip_suffix('|').unwrap_or(text).len()
            };
            cells.truncate(count - 1);
            cells.push(last.start..end.max(last.start));
        }
        let breaks = is_broken(line.text);
        let goes_on = match &self.row {
            Some(row) if row.breaks && row.cells.len() == count => cells.len() < count,
            Some(row) if row.breaks => row.cells.len() + cells.len() <= count + 1,
            // A line break at the end of half a row says that the other half follows.
            Some(row) => row.cells.len() == count && !line.text.contains('|') && !breaks,
            None => false,
        };
        match &mut self.row {
            Some(row) if goes_on => {
                let whole = row.cells.len() == count;
                let more = if whole { cells.last() } else { cells.first() };
                if let (Some(last), Some(more)) = (row.cells.last_mut(), more) {
                    last.end = more.end;
                }
                if !whole {
                    row.cells.extend(cells.into_iter().skip(1));
                }
                row.breaks = breaks;
                row.closed |= is_closed(line.text);
            }
            _ => {
                self.end_row();
                // In a table whose rows start and end with a pipe, one of too few cells goes on.
                let dangling = self.closed && cells.len() < count && is_closed(line.text);
                self.row = Some(Open {
                    cells,
                    breaks,
                    dangling,
                    closed: glued.is_some()
                        || (is_closed(line.text) && !dangling)
                        || !line.text.trim_start().starts_with('|'),
                });
            }
        }
        glued
    }

    fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        let (Some(first), Some(last)) = (row.cells.first(), row.cells.last()) else {
            return;
        };
        self.rows.push(TableRow {
            level: None,
            span: first.start..last.end,
            cells: row
                .cells
                .iter()
                .map(|span| cell(self.source, span.clone()))
                .collect(),
        });
    }
}

fn cell(source: &Source, span: Range<usize>) -> Cell {
    Cell {
        markup: markup::within(source, span.clone()).collect(),
        span,
    }
}

/// Where the cells of a line stand. In a table of `count` columns, one pipe too few at the end
/// leaves the last cell empty.
fn cells(line: &Line<'_>, count: usize) -> Vec<Range<usize>> {
    let text = line.text.trim_end();
    let start = text.len() - text.trim_start().len();
    let outer = text[start..].starts_with('|');
    let first = start + usize::from(outer);
    let mut at = first;
    let mut cells = Vec::new();
    let mut escaped = false;
    for (place, c) in text.char_indices().filter(|(place, _)| *place >= first) {
        if c == '|' && !escaped {
            cells.push(line.start + at..line.start + place);
            at = place + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    let rest = line.start + at.min(text.len())..line.start + text.len();
    if !rest.is_empty() || (!outer && cells.len() + 1 == count) {
        cells.push(rest);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        let source = Source::new("p.md", text);
        let heading = source.lines().next()?;
        let read = read(&source, heading)?;
        let rows = read.table.rows.iter().map(|row| {
            let cells: Vec<String> = row.cells.iter().map(Cell::plain).collect();
            cells.join("|")
        });
        let rows: Vec<String> = rows.collect();
        let glued = read.glued.map_or("", |span| source.slice(span));
        Some(format!(
            "{}; {}; {glued}; {:?}",
            read.table.columns.join("|"),
            rows.join(" / "),
            source.slice(read.behind..text.len())
        ))
    }

    #[test]
    fn pipes_may_stand_outside_or_not() {
        for text in [
            "| a | b |\n| --- | --- |\n| c | d |\n| e | |\n\nx",
            "a | b\n---|---\nc | d\ne |\n\nx",
            "| a | b |\n|---|---|\nc | d |\ne | |\n\nx",
        ] {
            assert_eq!(
                shown(text).unwrap(),
                "a|b; c|d / e|; ; \"\\n\\nx\"",
                "{text}"
            );
        }
    }

    #[test]
    fn a_row_goes_on_behind_a_line_break() {
        let text =
            "a | b\n---|---\nc  \n  **d**  \n e | f  \n g\nh | i\nj | k\nmore of k\nl | m\n# H";
        assert_eq!(
            shown(text).unwrap(),
            "a|b; c d e|f g / h|i / j|k more of k / l|m; ; \"\\n# H\""
        );
    }

    #[test]
    fn a_row_without_its_closing_pipe_goes_on() {
        let text = "| a | b |\n|---|---|\n| c  \nd | e  \n\nf |\n| g | h  \ni |\n| j | k\n";
        assert_eq!(
            shown(text).unwrap(),
            "a|b; c d|e f / g|h i / j|k; ; \"\\n\""
        );
    }

    #[test]
    fn an_empty_line_does_not_lose_the_rows_behind_it() {
        let text = "a | b\n---|---\nc | d\n\ne | f\n\ng | h\n---|---";
        assert_eq!(
            shown(text).unwrap(),
            "a|b; c|d / e|f; ; \"\\n\\ng | h\\n---|---\""
        );
    }

    #[test]
    fn a_heading_may_be_glued_to_the_last_row() {
        let text = "| a | b |\n|---|---|\n| c | d | ### Body\n| x | y |";
        assert_eq!(shown(text).unwrap(), "a|b; c|d; ### Body; \"\\n| x | y |\"");
    }

    #[test]
    fn further_pipes_belong_to_the_last_cell() {
        let text = "| a | b |\n|---|---|\n| c\\|d | e | f |";
        assert_eq!(shown(text).unwrap(), "a|b; c|d|e | f; ; \"\"");
    }

    #[test]
    fn what_has_no_rule_is_no_table() {
        for text in ["a | b\nc | d", "a\n---", "a | b\n---|---|---"] {
            assert_eq!(shown(text), None);
        }
    }
}
