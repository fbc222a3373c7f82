//! An error with the place on the page where it stands.

use std::collections::BTreeMap;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceSpan,
};
use thiserror::Error;

use super::ReadPage;
use crate::pages::finding::{Finding, Severity};
use crate::pages::source::Source;

/// Of a page with more errors than this the first few tell enough; the report has all.
const MOST_SHOWN: usize = 10;

/// A label ends with its line: a table of a thousand lines explains nothing.
fn first_line(source: &Source, finding: &Finding) -> SourceSpan {
    let text = source.slice(finding.span.clone());
    let length = text.find('\n').unwrap_or(text.len());
    (finding.span.start, length).into()
}

#[derive(Debug, Error)]
#[error("{message}")]
struct Problem {
    message: String,
    help: Option<String>,
    place: Option<(NamedSource<String>, SourceSpan)>,
    code: &'static str,
}

impl Problem {
    fn new(finding: &Finding, source: Option<&Source>) -> Self {
        let source = source.filter(|_| finding.line > 0);
        let message = match (&finding.row, source) {
            (Some(row), _) => format!("`{row}`: {}", finding.what),
            (None, Some(_)) => finding.what.clone(),
            (None, None) => format!("{}: {}", finding.page, finding.what),
        };
        let place = source.map(|source| {
            let named = NamedSource::new(source.name(), source.text().to_owned());
            (named, first_line(source, finding))
        });
        Self {
            message,
            help: finding
                .expected
                .as_ref()
                .map(|expected| format!("expected {expected}")),
            place,
            code: finding.kind.name(),
        }
    }
}

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        let (source, _) = self.place.as_ref()?;
        Some(source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::underline(*span))))
    }
}

/// The errors among `findings`, as they are shown to people.
pub(super) fn rendered(pages: &[ReadPage], findings: &[Finding], theme: GraphicalTheme) -> String {
    let handler = GraphicalReportHandler::new_themed(theme);
    let pages: BTreeMap<&str, &ReadPage> = pages
        .iter()
        .map(|page| (page.reading.page.as_str(), page))
        .collect();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = String::new();
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    for finding in errors {
        let shown = shown.entry(&finding.page).or_default();
        *shown += 1;
        if *shown <= MOST_SHOWN {
            let source = pages
                .get(finding.page.as_str())
                .and_then(|page| page.source.as_ref());
            // A String takes whatever is written to it.
            let _ = handler.render_report(&mut text, &Problem::new(finding, source));
            text.push('\n');
        }
    }
    for (page, shown) in shown {
        if let Some(more) = shown.checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            text += &format!("{page}: {more} more errors\n");
        }
    }
    text
}
