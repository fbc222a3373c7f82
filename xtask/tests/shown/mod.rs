//! What was read from a page, in the few lines that an expectation is written in.

#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test that fails may do so at once, and not every one needs all of this"
)]

use std::path::Path;

use feishu_events_gen::internals::schema::{EventSchema, Protocol, Row};
use xtask::pages::decode::decode;
use xtask::pages::finding::Finding;
use xtask::pages::read::{Outcome, read_page};

/// The events of a page as lines: the event, what it needs, and a line for each row.
pub(crate) fn events(name: &str, bytes: &[u8]) -> String {
    let source = match decode(name, bytes) {
        Ok(source) => source,
        Err(finding) => return finding.to_string(),
    };
    let reading = read_page(&source);
    match &reading.outcome {
        Outcome::Events(events) => {
            let schemas = events.iter().map(|event| schema(&event.schema));
            schemas.collect::<Vec<_>>().join("\n\n")
        }
        Outcome::PassedOver(reason) => format!("passed over: {reason}"),
        Outcome::Failed => errors(&reading.findings),
    }
}

/// The errors among `findings`.
pub(crate) fn errors(findings: &[Finding]) -> String {
    let errors = findings.iter().map(ToString::to_string);
    let errors: Vec<String> = errors.filter(|line| line.contains(": error[")).collect();
    errors.join("\n")
}

/// The events of a file.
pub(crate) fn file(path: &Path) -> String {
    let name = path.file_name().unwrap().to_string_lossy();
    events(&name, &std::fs::read(path).unwrap())
}

/// An event: its name, protocol and title, its scopes, its rows.
pub(crate) fn schema(schema: &EventSchema) -> String {
    let protocol = match schema.protocol {
        Protocol::V1 => "1.0",
        Protocol::V2 => "2.0",
    };
    let mut text = format!("{} {protocol} {}", schema.event_type, schema.title);
    for (label, names) in [
        ("scopes", &schema.scopes),
        ("field scopes", &schema.field_scopes),
    ] {
        if !names.is_empty() {
            text += &format!("\n{label}: {}", names.join(" "));
        }
    }
    for line in schema.fields.iter().map(row) {
        text += "\n";
        text += &line;
    }
    text
}

/// A row: its level as dots, its name and type, what it lists and needs.
fn row(row: &Row) -> String {
    let mut text = format!(
        "{}{}: {}",
        ". ".repeat(row.level.into()),
        row.name,
        row.type_name
    );
    if row.level_inferred {
        text += " (level guessed)";
    }
    for (value, label) in &row.values.0 {
        text += &format!(" {value}=");
        text += &label.replace(' ', "_");
    }
    if !row.scopes.is_empty() {
        text += &format!(" [{}]", row.scopes.join(" "));
    }
    text
}
