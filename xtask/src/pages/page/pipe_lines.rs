//! What a line means to a table of Markdown.

use crate::pages::source::Source;

/// In how many lines of plain text a row is looked for that goes on with the table.
const LONGEST_CELL: usize = 96;

/// Whether a line ends a table, whatever stands in it.
pub(super) fn ends(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line.starts_with(['#', '<', '{'])
        || line.starts_with("```")
        || line.starts_with(":::")
}

/// Whether a line ends in the pipe that closes a row.
pub(super) fn is_closed(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with('|') && !line.ends_with("\\|")
}

/// Whether the row that goes on in the line at `at` is closed soon, before another one starts.
pub(super) fn closes(source: &Source, at: usize) -> bool {
    for line in source.lines_from(at).take(LONGEST_CELL) {
        if line.text.trim() == "|" {
            return true;
        }
        if line.text.trim_start().starts_with(['|', '#']) || line.text.starts_with("```") {
            return false;
        }
        if is_closed(line.text) {
            return true;
        }
    }
    false
}

/// Whether rows follow soon behind the line of plain text that starts at `at`.
pub(super) fn has_rows(source: &Source, at: usize) -> bool {
    let mut lines = source.lines_from(at).take(LONGEST_CELL).peekable();
    while let Some(line) = lines.next() {
        if ends(line.text) {
            return false;
        }
        if line.text.contains('|') {
            return !lines.peek().is_some_and(|next| is_rule(next.text));
        }
    }
    false
}

/// A line of hyphens and pipes, which stands below the names of the columns.
pub(super) fn is_rule(line: &str) -> bool {
    line.contains('|')
        && line.contains("--")
        && line
            .chars()
            .all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Whether a line ends in Markdown's line break: two spaces.
pub(super) fn is_broken(line: &str) -> bool {
    line.ends_with("  ") && !line.trim().is_empty()
}
