//! Text → headings, tables and code, in order.

use std::ops::Range;

use super::code::{self, Code};
use super::table::{self, Table, TableKind};
use crate::finding::Finding;
use crate::source::{Line, Source};

/// A part of a page.
#[derive(Debug)]
pub(crate) enum Block<'a> {
    Heading(Heading<'a>),
    Table(Table),
    Code(Code<'a>),
}

/// A heading's text, without the marks before it.
#[derive(Debug)]
pub(crate) struct Heading<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Range<usize>,
}

/// Reads the blocks behind the offset `at`.
pub(super) fn read<'a>(
    source: &'a Source,
    mut at: usize,
    findings: &mut Vec<Finding>,
) -> Vec<Block<'a>> {
    let text = source.text();
    let mut blocks = Vec::new();
    while at < text.len() {
        let end = text[at..]
            .find('\n')
            .map_or(text.len(), |length| at + length);
        let line = Line {
            start: at,
            text: &text[at..end],
        };
        at = match read_block(source, line, findings) {
            Some((block, behind)) => {
                blocks.push(block);
                behind
            }
            None => end + 1,
        };
    }
    blocks
}

/// The block that starts on `line`, and the offset behind it.
fn read_block<'a>(
    source: &'a Source,
    line: Line<'a>,
    findings: &mut Vec<Finding>,
) -> Option<(Block<'a>, usize)> {
    if let Some((ticks, _)) = code::fence(line.text) {
        let (code, behind) = code::read_fenced(source, line, ticks, findings);
        return Some((Block::Code(code), behind));
    }
    if let Some(heading) = heading(line) {
        return Some((Block::Heading(heading), line.end()));
    }
    let element = line.text.find(code::ELEMENT);
    let table = TableKind::ALL
        .iter()
        .filter_map(|kind| Some((line.text.find(kind.open())?, *kind)))
        .min_by_key(|(column, _)| *column);
    match (element, table) {
        (Some(column), table) if table.is_none_or(|(other, _)| column < other) => {
            let (code, behind) = code::read_element(source, line.start + column, findings);
            Some((Block::Code(code), behind))
        }
        (_, Some((column, kind))) => {
            let (table, behind) = table::read(source, line.start + column, kind);
            Some((Block::Table(table), behind))
        }
        _ => None,
    }
}

fn heading(line: Line<'_>) -> Option<Heading<'_>> {
    let text = line.text.trim_start_matches('#');
    let marks = line.text.len() - text.len();
    ((1..=6).contains(&marks) && text.starts_with([' ', '\t'])).then(|| Heading {
        text: text.trim().trim_end_matches('#').trim_end(),
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
