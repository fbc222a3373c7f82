//! The table, as Markdown.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use super::machine::Machine;
use super::program::Report;
use super::row::{Row, Side};

/// The table and what one has to know to read it.
pub(super) fn markdown(report: &Report, machine: &Machine) -> String {
    let mut text = String::from("| what | feishu-events | beside it | theirs | ratio |\n");
    text.push_str("| --- | ---: | --- | ---: | ---: |\n");
    for row in &report.rows {
        line(&mut text, row);
    }
    text.push('\n');
    text.push_str(
        "The ratio is how many times as fast, as small or as many ours is, within one run; a \
         *floor* is what nobody can do without, where 1 is the best possible.\n",
    );
    for (word, list) in [("Measured", &report.notes), ("Skipped", &report.skipped)] {
        if !list.is_empty() {
            let _ = write!(text, "\n{word}:\n\n");
        }
        for entry in list {
            let _ = writeln!(text, "- {}", entry.replace('|', "\\|"));
        }
    }
    let _ = write!(text, "\n{machine}\n");
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
