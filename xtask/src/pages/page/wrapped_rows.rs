//! Tables whose rows end in two spaces, as html2text writes them: whatever does not, goes on in the
//! next line, over blank lines too.

use std::ops::Range;

use super::labels::{FIELD_SCOPES, SCOPES, starts_with_label};
use super::pipe_lines::{is_broken, is_rule};
use crate::pages::source::{Line, Source};

/// A row of more lines than this is none.
const LONGEST_ROW: usize = 400;

/// The rows of such a table, each as its cells, and where the last one ends.
pub(super) fn read(
    source: &Source,
    rule: &Line<'_>,
    count: usize,
    cells: fn(&Line<'_>, usize) -> Vec<Range<usize>>,
) -> (Vec<Vec<Range<usize>>>, usize) {
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    let mut behind = rule.end();
    // Whether the last row goes on, and how many lines it has.
    let (mut open, mut lines) = (false, 0);
    let mut all = source.lines_from(rule.end() + 1).peekable();
    while let Some(line) = all.next() {
        let text = line.text;
        if text.trim().is_empty() {
            // Two spaces alone end a row that ended in a list.
            open &= text.len() < 2;
            let row_follows = all
                .peek()
                .is_some_and(|next| is_row(next) || next.text.trim().is_empty());
            if open || (row_follows && !rows.is_empty()) {
                continue;
            }
            break;
        }
        let heads = all.peek().is_some_and(|next| is_rule(next.text));
        if text.starts_with('#') || text.starts_with("```") || heads || lines > LONGEST_ROW {
            break;
        }
        let parts = if text.contains('|') {
            cells(&line, count)
        } else {
            Vec::new()
        };
        let starts = match rows.last() {
            Some(last) if open => parts.len() >= count && last.len() >= count,
            Some(_) if parts.is_empty() => {
                starts_with_label(text, SCOPES) || starts_with_label(text, FIELD_SCOPES)
            }
            _ => true,
        };
        if starts {
            let whole = line.start..line.end();
            rows.push(if parts.is_empty() { vec![whole] } else { parts });
            lines = 0;
        } else if let Some(row) = rows.last_mut() {
            extend(row, parts, line.end(), count);
        }
        lines += 1;
        behind = line.end();
        let whole = rows.last().is_some_and(|row| row.len() >= count);
        open = !whole || !is_broken(text);
    }
    for row in &mut rows {
        join_rest(row, count);
    }
    (rows, behind)
}

fn is_row(line: &Line<'_>) -> bool {
    line.text.contains('|')
}

/// Goes on with the last cell of a row; what stands behind pipes are its other cells.
fn extend(row: &mut Vec<Range<usize>>, parts: Vec<Range<usize>>, end: usize, count: usize) {
    let missing = row.len() < count;
    let mut parts = parts.into_iter();
    let first = parts.next().filter(|_| missing);
    if let Some(last) = row.last_mut() {
        last.end = first.map_or(end, |first| first.end);
    }
    if missing {
        row.extend(parts);
    }
}

/// What a cell too much holds is text of the last one that has pipes in it.
fn join_rest(row: &mut Vec<Range<usize>>, count: usize) {
    if row.len() > count {
        let end = row.last().map_or(0, |last| last.end);
        row.truncate(count);
        if let Some(last) = row.last_mut() {
            last.end = end;
        }
    }
}
