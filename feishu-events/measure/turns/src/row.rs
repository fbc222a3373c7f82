//! What came out, for a person or for `cargo xtask bench`.

use std::io::{self, Write};

use serde::Serialize;

use crate::Times;

/// What a figure counts.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds: less is better.
    Seconds,
    /// So many a second: more is better.
    PerSecond,
    /// A number of things: more is better.
    Count,
}

/// What stands beside ours.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Another way to the same end, or to less; we want to be ahead.
    Peer,
    /// What nobody can do without: to be as good as that is the best possible.
    Floor,
}

/// One comparison; `--json` prints it as a line.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// What is done.
    pub what: String,
    /// What it is compared with.
    pub beside: String,
    /// Which kind of comparison it is.
    pub side: Side,
    /// What the figures count.
    pub unit: Unit,
    /// Our figure.
    pub ours: f64,
    /// The other's figure.
    pub theirs: f64,
    /// How many times as good as the other we are.
    pub ratio: f64,
}

impl Row {
    /// The comparison of two lines, each of which does the same `count` things in a round.
    ///
    /// # Panics
    /// A line that has not been measured.
    #[allow(clippy::cast_precision_loss)] // far below 2^52
    pub fn of(times: &Times<'_>, count: usize, side: Side, ours: &str, theirs: &str) -> Self {
        let each = |line| times.median(line) / count as f64;
        Self {
            what: ours.to_owned(),
            beside: theirs.to_owned(),
            side,
            unit: Unit::Seconds,
            ours: each(ours),
            theirs: each(theirs),
            ratio: times.ratio(ours, theirs),
        }
    }
}

/// Where rows go: text, or with `--json` a JSON object a line.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    /// As JSON or as text.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// As the arguments of this program say. `cargo bench` adds some of its own.
    pub fn from_arguments() -> Self {
        Self::new(std::env::args().any(|argument| argument == "--json"))
    }

    /// Prints a comparison.
    pub fn row(self, row: &Row) {
        if self.json {
            print(&serde_json::json!({ "row": row }).to_string());
            return;
        }
        let Row {
            what,
            beside,
            ratio,
            ..
        } = row;
        let figure = |figure| match row.unit {
            Unit::Seconds => format!("{:.2} µs", figure * 1e6),
            Unit::PerSecond => format!("{figure:.0} a second"),
            Unit::Count => format!("{figure}"),
        };
        let (ours, theirs) = (figure(row.ours), figure(row.theirs));
        print(&format!("{what}: {ours}; {beside}: {theirs}; {ratio:.2}"));
    }

    /// Says what was measured: how many samples, which versions.
    pub fn note(self, note: &str) {
        self.say("note", note);
    }

    /// Says what was not measured, and why.
    pub fn skipped(self, why: &str) {
        self.say("skipped", why);
    }

    fn say(self, kind: &str, text: &str) {
        if self.json {
            print(&serde_json::json!({ kind: text }).to_string());
        } else {
            print(&format!("{kind}: {text}"));
        }
    }
}

/// Who has closed the other end wants no more.
fn print(line: &str) {
    drop(writeln!(io::stdout(), "{line}"));
}
