//! What the command says on stderr while it works: for people, or as JSON for programs.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::problem::Problem;

static AS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on, notices are JSON, one in a line.
pub(crate) fn use_json() {
    AS_JSON.store(true, Ordering::Relaxed);
}

pub(crate) fn is_json() -> bool {
    AS_JSON.load(Ordering::Relaxed)
}

/// The kinds of notices.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Events are received from now on.
    Ready,
    /// Something to know.
    Note,
    /// Something that is probably not wanted.
    Warning,
    /// An event was not delivered.
    Failed,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }

    fn style(self) -> Style {
        let colour = match self {
            Self::Ready => AnsiColor::Green,
            Self::Note => AnsiColor::Cyan,
            Self::Warning => AnsiColor::Yellow,
            Self::Failed => AnsiColor::Red,
        };
        colour.on_default().bold()
    }
}

/// Says something; `facts` are for programs only.
pub(crate) fn say(kind: Kind, message: &str, facts: &[(&str, Value)]) {
    if is_json() {
        let mut line = json!({ "kind": kind.name(), "message": message });
        for (name, value) in facts {
            line[*name] = value.clone();
        }
        write_line(&line.to_string());
        return;
    }
    let style = kind.style();
    let mut line = String::new();
    let _infallible = write!(line, "{style}{}:{style:#} {}", kind.name(), plain(message));
    write_line(&line);
}

pub(crate) fn note(message: &str) {
    say(Kind::Note, message, &[]);
}

pub(crate) fn warn(message: &str) {
    say(Kind::Warning, message, &[]);
}

/// Shows why the command failed.
pub(crate) fn problem(problem: Problem) {
    if is_json() {
        let mut line = json!({
            "kind": "error",
            "error": problem.code.name(),
            "exit_code": problem.code as u8,
            "message": problem.message,
        });
        if let Some(help) = problem.help {
            line["help"] = help.into();
        }
        write_line(&line.to_string());
    } else {
        write_line(format!("{:?}", miette::Report::new(problem)).trim_end());
    }
}

/// Text from outside without what a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    let visible = |it: char| if it.is_control() { ' ' } else { it };
    text.chars().map(visible).collect()
}

/// Nobody is left to complain to if stderr is closed.
fn write_line(line: &str) {
    drop(writeln!(anstream::stderr(), "{line}"));
}
