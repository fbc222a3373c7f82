//! What came out, for a person or for `cargo xtask bench`.

use std::io::{self, Write};

use crate::Row;

/// Where rows go: text, or with `--json` one JSON object per line.
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

    /// Prints a row.
    pub fn row(self, row: &Row) {
        if self.json {
            print(&serde_json::json!({ "row": row }).to_string());
        } else {
            print(&row.in_words());
        }
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

/// A reader that has gone away wants no more.
fn print(line: &str) {
    drop(writeln!(io::stdout(), "{line}"));
}
