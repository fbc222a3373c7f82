//! A figure, and what it is compared with.

use serde::Deserialize;

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Row {
    /// What is done.
    pub(super) what: String,
    /// What the figures count.
    pub(super) unit: Unit,
    /// Our figure.
    pub(super) ours: f64,
    /// What stands beside it, if anything does the same.
    #[serde(flatten)]
    pub(super) other: Option<Other>,
}

/// What stands beside our figure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Other {
    /// Its name.
    pub(super) beside: String,
    /// What it is to us.
    pub(super) side: Side,
    /// Its figure.
    pub(super) theirs: f64,
    /// How many times as good we are.
    pub(super) ratio: f64,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    /// Seconds.
    Seconds,
    /// So many a second.
    PerSecond,
    /// A number of things.
    Count,
    /// Bytes.
    Bytes,
}

/// What stands beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    /// Another way to the same end; we want to be ahead.
    Peer,
    /// What nobody can do without.
    Floor,
}

impl Unit {
    /// A figure as a person reads it.
    pub(super) fn format(self, figure: f64) -> String {
        match self {
            Self::Seconds if figure < 1e-3 => format!("{:.2} µs", figure * 1e6),
            Self::Seconds => format!("{figure:.2} s"),
            Self::PerSecond => format!("{figure:.0}/s"),
            Self::Count => format!("{figure:.0}"),
            Self::Bytes => format!("{:.2} MB", figure / 1e6),
        }
    }
}

impl Row {
    /// Without anything beside it.
    pub(super) fn alone(what: impl Into<String>, unit: Unit, ours: f64) -> Self {
        Self {
            what: what.into(),
            unit,
            ours,
            other: None,
        }
    }

    /// Beside a peer's figure, of which less is better.
    pub(super) fn less_is_better(self, beside: impl Into<String>, theirs: f64) -> Self {
        let other = Other {
            beside: beside.into(),
            side: Side::Peer,
            theirs,
            ratio: theirs / self.ours,
        };
        Self {
            other: Some(other),
            ..self
        }
    }

    /// Whether a peer is better.
    pub(super) fn is_behind(&self) -> bool {
        let behind = |other: &Other| other.side == Side::Peer && other.ratio < 1.0;
        self.other.as_ref().is_some_and(behind)
    }

    /// The row in a line of text.
    pub(super) fn in_words(&self) -> String {
        let Self {
            what, unit, ours, ..
        } = self;
        let ours = unit.format(*ours);
        match &self.other {
            None => format!("{what}: {ours}"),
            Some(other) => {
                let Other { beside, ratio, .. } = other;
                let theirs = unit.format(other.theirs);
                format!("{what}: {ours}; {beside}: {theirs}; ratio {ratio:.2}")
            }
        }
    }
}
