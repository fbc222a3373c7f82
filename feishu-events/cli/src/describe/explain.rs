//! `explain`: why a field is absent.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use feishu_events::{Envelope, EventType, Explanation, Field};

use crate::describe::{event, print};
use crate::problem::{Problem, Result};

/// Says why a field of an event can be absent: which scope it needs
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  feishu-events explain contact.user.created_v3 object.mobile
  feishu-events explain contact.user.created_v3 /object/mobile --in event.json  # of this very event

A field is a path with dots or a JSON pointer into the member `event`; items of lists are `-` or a
number.")]
pub(crate) struct ExplainArgs {
    /// The event
    event: String,
    /// The field
    field: String,
    /// An event that arrived, as `tail` prints it; `-` is stdin
    #[arg(long = "in", value_name = "FILE")]
    arrived: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// An event or field that is not known, a file that does not contain an event.
pub(crate) fn run(args: &ExplainArgs) -> Result<()> {
    let event = event(&args.event)?;
    let pointer = pointer(&args.field);
    let explanation = match &args.arrived {
        Some(path) => arrived(path, event)?.explain(&pointer),
        None => event.explain(&pointer),
    };
    if explanation == Explanation::Undocumented {
        return Err(undocumented(event, &pointer));
    }
    let fields = event.fields();
    let general = general(&pointer);
    let mut text = String::new();
    if let Some(field) = fields.iter().find(|field| field.path == general) {
        let _infallible = writeln!(
            text,
            "{event} {}: {}{}",
            field.path,
            field.kind,
            values(field)
        );
    }
    let _infallible = writeln!(text, "{explanation}");
    if let Some(document) = event.document() {
        let _infallible = writeln!(text, "{document}");
    }
    print(&text)
}

/// The event in a file.
fn arrived(path: &Path, event: EventType) -> Result<Envelope> {
    let shown = path.display();
    let failed = |error: &dyn std::fmt::Display| Problem::failure(format!("{shown}: {error}"));
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = io::stdin().read_to_end(&mut bytes);
        read.map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|error| failed(&error))?;
    let envelope = Envelope::from_slice(&bytes).map_err(|error| failed(&error))?;
    match envelope.event.event_type() {
        Some(known) if known == event => Ok(envelope),
        _ => Err(failed(&format!("it is a {}", envelope.header.event_type))),
    }
}

/// A JSON pointer, from itself or a path with dots.
fn pointer(field: &str) -> String {
    if field.is_empty() || field.starts_with('/') {
        return field.to_owned();
    }
    format!("/{}", field.replace('.', "/"))
}

/// The pointer with `-` for each number.
fn general(pointer: &str) -> String {
    let segments = pointer
        .split('/')
        .map(|segment| match segment.parse::<usize>() {
            Ok(_) => "-",
            Err(_) => segment,
        });
    segments.collect::<Vec<_>>().join("/")
}

fn values(field: &Field) -> String {
    if field.values.is_empty() {
        return String::new();
    }
    let values: Vec<String> = field.values.iter().map(ToString::to_string).collect();
    format!(", one of {}", values.join(", "))
}

fn undocumented(event: EventType, pointer: &str) -> Problem {
    let problem = Problem::usage(format!("no field of {event} is documented at `{pointer}`"));
    let fields = event.fields();
    let near = fields
        .iter()
        .map(|field| {
            (
                strsim::damerau_levenshtein(&field.path, pointer),
                &field.path,
            )
        })
        .min()
        .filter(|(distance, _)| *distance <= pointer.len() / 3);
    match near {
        Some((_, near)) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("`feishu-events schema {event}` lists the fields")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_dots_and_a_pointer_are_the_same() {
        assert_eq!(
            pointer("object.leaders.0.leaderID"),
            "/object/leaders/0/leaderID"
        );
        assert_eq!(pointer("/object/name"), "/object/name");
        assert_eq!(
            general("/object/leaders/0/leaderID"),
            "/object/leaders/-/leaderID"
        );
    }
}
