//! What reading a page found wrong.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

mod located;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something of an event could not be read; the run fails.
    Error,
    /// The page contradicts itself or says something that the schema can't hold.
    Warning,
    /// Worth knowing; nothing is lost.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $severity:ident;)*) => {
        /// The kinds of findings.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// All kinds, the worst first.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The kind's name in reports.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// How bad findings of the kind are.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$kind => Severity::$severity,)*
                }
            }
        }
    };
}

kinds! {
    /// The file can't be read at all.
    Unreadable = "unreadable", Error;
    /// The file can't be read as text.
    NotText = "not-text", Error;
    /// The file is an answer of the portal that holds no page.
    NoPage = "no-page", Error;
    /// The cell for the event type holds none.
    NoEventType = "no-event-type", Error;
    /// The page names an event but has neither a field table nor a sample of it.
    NoFields = "no-fields", Error;
    /// A table is not closed: the page has been cut.
    UnclosedTable = "unclosed-table", Error;
    /// The rows inside others are folded away: the page was saved as a browser showed it.
    Folded = "folded", Error;
    /// A page names an event that nothing describes.
    OnlyNamed = "only-named", Error;
    /// A row of a field table can't be read.
    BadRow = "bad-row", Error;
    /// Nothing tells which event a field table describes.
    NamelessTable = "nameless-table", Error;
    /// Nothing tells in which envelope the event arrives.
    NoProtocol = "no-protocol", Error;
    /// No types can be generated from the schema that the page gives.
    NotGenerated = "not-generated", Error;
    /// Two events of different names would have the same schema file.
    SamePlace = "same-place", Error;
    /// Nothing tells which service an event of protocol 1.0 belongs to.
    NoService = "no-service", Warning;
    /// The page doesn't say where on the portal it stands.
    NoPath = "no-path", Warning;
    /// The file was decoded with a wrong character set; not all could be repaired.
    LostText = "lost-text", Warning;
    /// The table says one type, the page's sample shows another.
    TypeDiffers = "type-differs", Warning;
    /// The sample has a key that the table lacks.
    NotInTable = "not-in-table", Warning;
    /// The sample has a value that is not among the listed ones.
    ValueNotListed = "value-not-listed", Warning;
    /// The page names the event differently in two places.
    KeyDiffers = "key-differs", Warning;
    /// Another, newer page describes the same event.
    OlderPage = "older-page", Warning;
    /// Nothing says how deep a row is nested; what fits best was taken.
    LevelInferred = "level-inferred", Warning;
    /// Two pages of the same event say different things.
    Contradiction = "contradiction", Warning;
    /// A row is nested deeper than the one before it allows.
    LevelJump = "level-jump", Warning;
    /// A row has rows inside, but its type can't hold any.
    RowsInsideScalar = "rows-inside-scalar", Warning;
    /// Two rows of the same parent have the same name.
    RepeatedRow = "repeated-row", Warning;
    /// A listed value that is listed twice, or is none.
    BadValue = "bad-value", Warning;
    /// A rule for values that the schema can't hold.
    RuleNotKept = "rule-not-kept", Warning;
    /// What stands where scopes are listed is almost one.
    BadScope = "bad-scope", Warning;
    /// A scope that the page only names in words, and nowhere with its id.
    UnknownScope = "unknown-scope", Warning;
    /// A list of scopes has an entry without a scope.
    NamelessScope = "nameless-scope", Warning;
    /// The page says in a way that isn't known who can receive the event.
    AppTypesUnclear = "app-types-unclear", Warning;
    /// The time of the page's last change can't be read.
    BadDate = "bad-date", Warning;
    /// A code block is not closed.
    UnclosedCode = "unclosed-code", Warning;
    /// The page has no sample of the event.
    NoSample = "no-sample", Warning;
    /// The sample is not JSON; what was read instead.
    SampleRepaired = "sample-repaired", Note;
    /// The sample lacks a row of the table.
    NotInSample = "not-in-sample", Note;
    /// A table that describes something other than the event.
    OtherTable = "other-table", Note;
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One thing that reading a page found wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of thing it is.
    pub kind: Kind,
    /// The page.
    pub page: String,
    /// The line of the page, from 1; 0 if the page as a whole is meant.
    pub line: usize,
    /// The row or the place in the sample, as a path of names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What was expected instead, if that isn't plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// The offending bytes of the page's text.
    #[serde(skip)]
    pub span: Range<usize>,
}

impl Finding {
    /// A finding about a page as a whole.
    pub fn of_page(kind: Kind, page: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            severity: kind.severity(),
            kind,
            page: page.into(),
            line: 0,
            row: None,
            what: what.into(),
            expected: None,
            span: 0..0,
        }
    }

    /// Names the row.
    #[must_use]
    pub fn at(mut self, row: impl Into<String>) -> Self {
        self.row = Some(row.into());
        self
    }

    /// Says what was expected.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.page)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}[{}]: ", self.severity, self.kind.name())?;
        if let Some(row) = &self.row {
            write!(f, "`{row}`: ")?;
        }
        f.write_str(&self.what)?;
        match &self.expected {
            Some(expected) => write!(f, "; expected {expected}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_the_worst_comes_first() {
        let mut names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        assert!(Kind::ALL.is_sorted_by_key(|kind| kind.severity()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
