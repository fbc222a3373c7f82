//! A finding at its place in a page.

use std::ops::Range;

use super::{Finding, Kind};
use crate::pages::source::Source;

impl Finding {
    /// A finding in the bytes `span` of `source`.
    pub fn new(kind: Kind, source: &Source, span: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            severity: kind.severity(),
            kind,
            page: source.name().to_owned(),
            line: source.line(span.start),
            row: None,
            what: what.into(),
            expected: None,
            span,
        }
    }
}
