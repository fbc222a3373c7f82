//! A figure, and what it is compared with.

use serde::{Deserialize, Serialize};

use crate::Times;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds: less is better.
    Seconds,
    /// So many a second: more is better.
    PerSecond,
    /// A number of things: more is better.
    Count,
    /// Bytes: less is better.
    Bytes,
    /// Instructions: fewer is better.
    Instructions,
    /// Allocations: fewer is better.
    Allocations,
}

impl Unit {
    /// A figure as a person reads it.
    pub fn format(self, figure: f64) -> String {
        match self {
            Self::Seconds if figure < 1e-3 => format!("{:.2} µs", figure * 1e6),
            Self::Seconds if figure < 0.1 => format!("{:.2} ms", figure * 1e3),
            Self::Seconds => format!("{figure:.2} s"),
            Self::PerSecond => format!("{figure:.0}/s"),
            Self::Count => format!("{figure:.0}"),
            Self::Bytes => format!("{:.2} MB", figure / 1e6),
            Self::Instructions => format!("{figure:.0} instructions"),
            Self::Allocations => format!("{figure:.1} allocations"),
        }
    }
}

/// What stands beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Another way to the same end, or to less; we want to be ahead.
    Peer,
    /// What nobody can do without: to be as good as that is the best possible.
    Floor,
}

/// A figure of ours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// What is done.
    pub what: String,
    /// What the figures count.
    pub unit: Unit,
    /// Our figure.
    pub ours: f64,
    /// What stands beside it, if anything does the same.
    #[serde(flatten)]
    pub other: Option<Other>,
}

/// What stands beside our figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// Its name.
    pub beside: String,
    /// What it is to us.
    pub side: Side,
    /// Its figure.
    pub theirs: f64,
    /// How many times as good as it we are.
    pub ratio: f64,
}

impl Row {
    /// A figure without anything beside it.
    pub fn alone(what: impl Into<String>, unit: Unit, ours: f64) -> Self {
        Self {
            what: what.into(),
            unit,
            ours,
            other: None,
        }
    }

    /// The figure beside another one.
    #[must_use]
    pub fn beside(self, side: Side, name: impl Into<String>, theirs: f64, ratio: f64) -> Self {
        let other = Other {
            beside: name.into(),
            side,
            theirs,
            ratio,
        };
        Self {
            other: Some(other),
            ..self
        }
    }

    /// The figure beside that of a peer, of which less is better.
    #[must_use]
    pub fn less_is_better(self, peer: impl Into<String>, theirs: f64) -> Self {
        let ratio = theirs / self.ours;
        self.beside(Side::Peer, peer, theirs, ratio)
    }

    /// The comparison of two lines, each of which does the same `count` things in a round.
    ///
    /// # Panics
    /// A line that has not been measured.
    #[allow(clippy::cast_precision_loss)] // far below 2^52
    pub fn of(times: &Times<'_>, count: usize, side: Side, ours: &str, theirs: &str) -> Self {
        let each = |line| times.median(line) / count as f64;
        Self::alone(ours, Unit::Seconds, each(ours)).beside(
            side,
            theirs,
            each(theirs),
            times.ratio(ours, theirs),
        )
    }

    /// Whether a peer is better.
    pub fn is_behind(&self) -> bool {
        let behind = |other: &Other| other.side == Side::Peer && other.ratio < 1.0;
        self.other.as_ref().is_some_and(behind)
    }

    /// The row in a line of text.
    pub fn in_words(&self) -> String {
        let ours = format!("{}: {}", self.what, self.unit.format(self.ours));
        match &self.other {
            None => ours,
            Some(other) => {
                let theirs = self.unit.format(other.theirs);
                format!(
                    "{ours}; {}: {theirs}; ratio {:.2}",
                    other.beside, other.ratio
                )
            }
        }
    }
}
