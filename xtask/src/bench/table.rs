//! A part's rows, as Markdown.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::machine::Machine;
use super::part::Part;
use super::program::Report;
use super::readme::HEAD;
use super::row::{Row, Side};

/// The rows of a part, when and on what they were measured, and what one has to know to read them.
pub(super) fn section(part: Part, report: &Report, machine: &Machine) -> String {
    let mut text = format!("**{}**, {machine}\n\n{HEAD}\n", part.title());
    text.push_str("| --- | ---: | --- | ---: | ---: |\n");
    for row in &report.rows {
        line(&mut text, row);
    }
    if !(report.notes.is_empty() && report.skipped.is_empty()) {
        text.push('\n');
    }
    for note in &report.notes {
        let _ = writeln!(text, "- {}", cell(note));
    }
    for why in &report.skipped {
        let _ = writeln!(text, "- skipped: {}", cell(why));
    }
    text
}

fn line(text: &mut String, row: &Row) {
    let ours = row.unit.format(row.ours);
    // Writing to a String can't fail.
    let _ = match &row.other {
        None => writeln!(text, "| {} | {ours} | | | |", cell(&row.what)),
        Some(other) => {
            let floor = if other.side == Side::Floor {
                "*floor:* "
            } else {
                ""
            };
            let theirs = row.unit.format(other.theirs);
            let (what, beside) = (cell(&row.what), cell(&other.beside));
            let ratio = other.ratio;
            writeln!(
                text,
                "| {what} | {ours} | {floor}{beside} | {theirs} | {ratio:.2} |"
            )
        }
    };
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Prints it; who has closed the other end wants no more.
pub(super) fn print(text: &str) {
    drop(io::stdout().write_all(text.as_bytes()));
}
