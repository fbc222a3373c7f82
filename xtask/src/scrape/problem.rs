//! An error with the place on the page where it stands.

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceSpan,
};
use thiserror::Error;

use super::ReadPage;
use crate::finding::{Finding, Severity};
use crate::source::Source;

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

impl Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.help.as_ref()?;
        Some(Box::new(format!("expected {help}")))
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
pub(super) fn rendered(pages: &[ReadPage], findings: &[Finding]) -> String {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor());
    let mut text = String::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
    {
        let page = pages.iter().find(|page| page.reading.page == finding.page);
        let source = page
            .and_then(|page| page.source.as_ref())
            .filter(|_| finding.line > 0);
        let problem = Problem {
            message: match (&finding.row, source) {
                (Some(row), _) => format!("`{row}`: {}", finding.what),
                (None, Some(_)) => finding.what.clone(),
                (None, None) => format!("{}: {}", finding.page, finding.what),
            },
            help: finding.expected.clone(),
            place: source.map(|source| {
                let named = NamedSource::new(source.name(), source.text().to_owned());
                (named, first_line(source, finding))
            }),
            code: finding.kind.name(),
        };
        // A String takes whatever is written to it.
        let _ = handler.render_report(&mut text, &problem);
        text.push('\n');
    }
    text
}
