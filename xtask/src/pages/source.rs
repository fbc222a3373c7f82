//! The text of a page, and where its lines are.

use std::ops::Range;

use crate::pages::finding::Finding;

/// A page as text: line feeds only, no byte order mark.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<usize>,
    findings: Vec<Finding>,
}

impl Source {
    /// Takes a page's text; `name` is how messages call the page.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            name: name.into(),
            text,
            line_starts,
            findings: Vec::new(),
        }
    }

    /// Notes what making text of the file's bytes has found wrong.
    #[must_use]
    pub fn with_findings(mut self, findings: Vec<Finding>) -> Self {
        self.findings = findings;
        self
    }

    /// What making text of the file's bytes has found wrong.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether parts of the page were lost on its way here.
    pub(crate) fn is_damaged(&self) -> bool {
        !self.findings.is_empty()
    }

    /// How messages call the page.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text in `span`; empty if the span isn't one of this text.
    pub fn slice(&self, span: Range<usize>) -> &str {
        self.text.get(span).unwrap_or_default()
    }

    /// The number of the line, from 1, in which the byte `offset` stands.
    pub fn line(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }

    /// The lines with their places, without line feeds.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines_from(0)
    }

    /// The lines that start at `offset` or behind it.
    pub(crate) fn lines_from(&self, offset: usize) -> impl Iterator<Item = Line<'_>> {
        let first = self.line_starts.partition_point(|start| *start < offset);
        let mut starts = self.line_starts[first..].iter().copied().peekable();
        std::iter::from_fn(move || {
            let start = starts.next()?;
            let end = starts.peek().map_or(self.text.len(), |next| next - 1);
            Some(Line {
                start,
                text: self.slice(start..end),
            })
        })
    }
}

/// A line and the offset of its first byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) start: usize,
    pub(crate) text: &'a str,
}

impl Line<'_> {
    /// The offset behind the line's last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_a_line() {
        let source = Source::new("p", "one\n\nthree");
        let lines: Vec<usize> = (0..=10).map(|offset| source.line(offset)).collect();
        assert_eq!(lines, [1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3]);
        let texts: Vec<&str> = source.lines().map(|line| line.text).collect();
        assert_eq!(texts, ["one", "", "three"]);
        assert_eq!(source.slice(5..99), "");
    }
}
