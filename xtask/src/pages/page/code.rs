//! Code blocks: fenced, or in the portal's own element.

use std::borrow::Cow;
use std::ops::Range;

use crate::pages::finding::{Finding, Kind};
use crate::pages::sample::{self, Sample};
use crate::pages::source::{Line, Source};

/// The portal's element for JSON.
pub(in crate::pages::page) const ELEMENT: &str = "<md-code-json>";
const ELEMENT_END: &str = "</md-code-json>";

/// A block of code.
#[derive(Debug, Clone)]
pub(crate) struct Code<'a> {
    /// The text; owned if it is not as it stands on the page.
    pub(crate) text: Cow<'a, str>,
    pub(crate) span: Range<usize>,
}

impl Code<'_> {
    /// The JSON that the block holds, if it holds any.
    pub(crate) fn sample(&self) -> Option<Sample> {
        let mut sample = sample::parse(&self.text, self.span.start)?;
        if let Cow::Owned(_) = self.text {
            // The places in such a text are not places on the page.
            sample.stand_at(&(self.span.start..self.span.start));
        }
        Some(sample)
    }
}

/// The backticks that open or close a code block, if `line` has them: how many, and whether
/// something follows.
pub(in crate::pages::page) fn fence(line: &str) -> Option<(usize, bool)> {
    let line = line.trim();
    let ticks = line.len() - line.trim_start_matches('`').len();
    (ticks >= 3 && !line[ticks..].contains('`')).then_some((ticks, ticks < line.len()))
}

/// Reads a fenced block that `open` opens; gives also the offset at which its last line ends.
///
/// A block that is not closed ends where the portal's own markup starts again:
/// it must not swallow the tables behind it.
pub(in crate::pages::page) fn read_fenced<'a>(
    source: &'a Source,
    open: Line<'a>,
    ticks: usize,
    findings: &mut Vec<Finding>,
) -> (Code<'a>, usize) {
    let start = (open.end() + 1).min(source.text().len());
    for line in source.lines_from(start) {
        let closes = fence(line.text).is_some_and(|(n, info)| n >= ticks && !info);
        let portal = line.text.trim_start().starts_with(":::");
        if closes || portal {
            if portal {
                findings.push(unclosed(source, open.start..open.end()));
            }
            let behind = if closes { line.end() } else { line.start - 1 };
            return (code(source, start..line.start), behind);
        }
    }
    findings.push(unclosed(source, open.start..open.end()));
    let end = source.text().len();
    (code(source, start..end), end)
}

/// Reads the element that starts at `start`; like a fenced block, it ends at the latest
/// where the portal's own markup starts again.
pub(in crate::pages::page) fn read_element<'a>(
    source: &'a Source,
    start: usize,
    findings: &mut Vec<Finding>,
) -> (Code<'a>, usize) {
    let inside = start + ELEMENT.len();
    let mut at = inside;
    for line in source
        .slice(inside..source.text().len())
        .split_inclusive('\n')
    {
        if let Some(length) = line.find(ELEMENT_END) {
            let end = at + length;
            return (code(source, inside..end), end + ELEMENT_END.len());
        }
        if line.trim_start().starts_with(":::") {
            break;
        }
        at += line.len();
    }
    findings.push(unclosed(source, start..inside));
    (code(source, inside..at), at)
}

pub(in crate::pages::page) fn code(source: &Source, span: Range<usize>) -> Code<'_> {
    Code {
        text: Cow::Borrowed(source.slice(span.clone())),
        span,
    }
}

pub(in crate::pages::page) fn unclosed(source: &Source, span: Range<usize>) -> Finding {
    Finding::new(
        Kind::UnclosedCode,
        source,
        span,
        "the code block that starts here has no end",
    )
}
