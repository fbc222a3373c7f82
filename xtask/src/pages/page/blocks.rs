//! Text → headings, tables and code, in order.
//!
//! It is not a Markdown parser, because pages are only nearly Markdown, and a parser reads something
//! else without a word: fences that are never closed or hold tables, tables of HTML in the middle of
//! a paragraph or of a list, headings that are only a bold line, and JSON without a fence.

use std::borrow::Cow;
use std::ops::Range;

use super::code::{self, Code};
use super::plain::unescaped;
use super::table::{self, Table, TableKind};
use super::{bare_json, pipe_table, text_table};
use crate::pages::finding::Finding;
use crate::pages::source::{Line, Source};

/// A part of a page.
#[derive(Debug)]
pub(crate) enum Block<'a> {
    Heading(Heading<'a>),
    Table(Table),
    Code(Code<'a>),
}

impl Block<'_> {
    /// Where the part stands.
    pub(in crate::pages::page) fn span(&self) -> &Range<usize> {
        match self {
            Self::Heading(heading) => &heading.span,
            Self::Table(table) => &table.span,
            Self::Code(code) => &code.span,
        }
    }
}

/// A heading's text, without the marks before it.
#[derive(Debug)]
pub(crate) struct Heading<'a> {
    pub(crate) text: Cow<'a, str>,
    /// Whether it is only a bold line.
    pub(crate) bold: bool,
    pub(crate) span: Range<usize>,
}

/// Reads the blocks behind the offset `at`, which is that of a line.
pub(in crate::pages::page) fn read<'a>(
    source: &'a Source,
    mut at: usize,
    findings: &mut Vec<Finding>,
) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    while let Some(line) = source.lines_from(at).next() {
        at = line.end() + 1;
        if let Some((ticks, _)) = code::fence(line.text) {
            let (code, behind) = code::read_fenced(source, line, ticks, findings);
            blocks.push(Block::Code(code));
            at = behind + 1;
        } else if let Some(heading) = heading(line).or_else(|| bold(line)) {
            blocks.push(Block::Heading(heading));
        } else if let Some(read) = pipe_table::read(source, line) {
            blocks.push(Block::Table(read.table));
            let glued = read.glued.and_then(|span| {
                heading(Line {
                    start: span.start,
                    text: source.slice(span),
                })
            });
            blocks.extend(glued.map(Block::Heading));
            at = read.behind + 1;
        } else if let Some((table, behind)) = text_table::read(source, line) {
            blocks.push(Block::Table(table));
            at = behind + 1;
        } else if let Some((heading, behind)) = underlined(source, line) {
            blocks.push(Block::Heading(heading));
            at = behind + 1;
        } else if bare_json::starts(line.text) {
            let (code, behind) = bare_json::read(source, line, findings);
            blocks.push(Block::Code(code));
            at = behind + 1;
        } else {
            at = read_elements(source, line.start..line.end(), &mut blocks, findings) + 1;
        }
    }
    blocks
}

/// Reads the elements that start in `line`, and in the rest of the line in which one ends.
/// Gives the offset at which the last of these lines ends.
fn read_elements<'a>(
    source: &'a Source,
    mut line: Range<usize>,
    blocks: &mut Vec<Block<'a>>,
    findings: &mut Vec<Finding>,
) -> usize {
    while let Some(length) = next_element(source.slice(line.clone())) {
        let start = line.start + length;
        let text = source.slice(start..line.end);
        let table = TableKind::TAGGED
            .into_iter()
            .find(|kind| text.starts_with(kind.open()));
        line.start = if let Some(kind) = table {
            let (table, behind) = table::read(source, start, kind);
            blocks.push(Block::Table(table));
            behind
        } else if text.starts_with(code::ELEMENT) {
            let (code, behind) = code::read_element(source, start, findings);
            blocks.push(Block::Code(code));
            behind
        } else {
            start + 1
        };
        if line.start > line.end {
            let rest = source.slice(line.start..source.text().len());
            line.end = line.start + rest.find('\n').unwrap_or(rest.len());
        }
    }
    line.end
}

/// Where the next element may start that is more than text.
fn next_element(text: &str) -> Option<usize> {
    let portal = text.find("<md-");
    let html = text[..portal.unwrap_or(text.len())].find("<table");
    html.or(portal)
}

/// A line that is bold as a whole heads what follows.
fn bold(line: Line<'_>) -> Option<Heading<'_>> {
    let text = line.text.trim().strip_prefix("**")?.strip_suffix("**")?;
    let text = text.trim_end_matches([':', '：', ' ']);
    (!text.is_empty() && !text.contains("**")).then(|| Heading {
        text: unescaped(text),
        bold: true,
        span: line.start..line.end(),
    })
}

/// A heading with a line of `=` or `-` below it, and where that line ends.
fn underlined<'a>(source: &'a Source, line: Line<'a>) -> Option<(Heading<'a>, usize)> {
    let text = line.text.trim();
    if text.is_empty() || text.starts_with(['<', '{', '-', '*', '|', '>', ':']) {
        return None;
    }
    let below = source.lines_from(line.end() + 1).next()?;
    let rule = below.text.trim_end();
    let drawn = |c: char| rule.len() >= 2 && rule.chars().all(|other| other == c);
    // Below a paragraph, a line of hyphens is one that parts it from the next.
    let alone = || {
        let before = line.start.checked_sub(1).map(|end| &source.text()[..end]);
        before.is_none_or(|before| before.ends_with('\n') || before.is_empty())
    };
    let heading = Heading {
        text: unescaped(text),
        bold: false,
        span: line.start..line.end(),
    };
    (drawn('=') || (drawn('-') && alone())).then_some((heading, below.end()))
}

fn heading(line: Line<'_>) -> Option<Heading<'_>> {
    let text = line.text.trim_start_matches('#');
    let marks = line.text.len() - text.len();
    ((1..=6).contains(&marks) && text.starts_with([' ', '\t'])).then(|| Heading {
        text: unescaped(text.trim().trim_end_matches('#').trim_end()),
        bold: false,
        span: line.start..line.end(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::new("p.md", text);
        let mut findings = Vec::new();
        let blocks = read(&source, 0, &mut findings);
        let blocks = blocks.iter().map(|block| match block {
            Block::Heading(heading) => format!("heading {}", heading.text),
            Block::Table(table) => format!("table of {}", table.rows.len()),
            Block::Code(code) => format!("code {:?}", code.text),
        });
        let findings = findings.iter().map(ToString::to_string).collect();
        (blocks.collect(), findings)
    }

    #[test]
    fn blocks_stand_in_order() {
        let (blocks, findings) = shapes(
            "# A\ntext #x\n```json\n# {}\n```\n<md-code-json>[]</md-code-json><md-table></md-table>\n\
             ## B ##\n<md-dt-table><md-dt-tr level=\"0\"><md-dt-td>x</md-dt-td></md-dt-tr></md-dt-table>",
        );
        assert_eq!(
            blocks,
            [
                "heading A",
                "code \"# {}\\n\"",
                "code \"[]\"",
                "table of 0",
                "heading B",
                "table of 1"
            ]
        );
        assert_eq!(findings, Vec::<String>::new());
    }

    #[test]
    fn headings_may_be_underlined() {
        let (blocks, _) = shapes("A\n==\n\nB\\_c\n--\n\ntext\nmore text\n---\n\n- x\n---\n");
        assert_eq!(blocks, ["heading A", "heading B_c"]);
    }

    #[test]
    fn code_without_end_does_not_swallow_the_next_table() {
        for open in ["```json", "<md-code-json>"] {
            let (blocks, findings) = shapes(&format!("{open}\n{{\n:::html\n<md-table></md-table>"));
            assert_eq!(blocks.last().map(String::as_str), Some("table of 0"));
            assert_eq!(findings.len(), 1);
            assert!(
                findings[0].contains("p.md:1: warning[unclosed-code]"),
                "{findings:?}"
            );
        }
    }
}
