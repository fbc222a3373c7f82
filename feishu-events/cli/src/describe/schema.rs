//! `schema`: the documented fields of an event.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use feishu_events::{EventType, Field, FieldScopes};

use crate::describe::{event, json_schema, print};
use crate::problem::Result;

/// Shows the documented fields of an event; without one, lists all events
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  feishu-events schema                                  # all events
  feishu-events schema im.message.receive_v1            # the fields of one
  feishu-events schema im.message.receive_v1 --format json-schema > receive.schema.json")]
pub(crate) struct SchemaArgs {
    /// The event, for example `im.message.receive_v1`
    event: Option<String>,
    /// How it is printed
    #[arg(long, default_value = "table", requires = "event")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// JSON Schema 2020-12 of the payload, the member `event`; it accepts unknown values and fields
    JsonSchema,
}

/// Runs the command.
///
/// # Errors
/// An event that is not known.
pub(crate) fn run(args: &SchemaArgs) -> Result<()> {
    let Some(name) = &args.event else {
        return print(&list());
    };
    let event = event(name)?;
    print(&match args.format {
        Format::Table => table(event),
        Format::JsonSchema => json_schema::of(event),
    })
}

/// All events.
fn list() -> String {
    let names = EventType::ALL.iter().map(|known| known.as_str());
    let width = names.clone().map(str::len).max().unwrap_or_default();
    let mut text = String::new();
    for event in EventType::ALL {
        let line = format!("{:width$}  {}", event.as_str(), event.title());
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The fields of an event, a line for each.
fn table(event: EventType) -> String {
    let mut text = format!("{event}  {}\n", event.title());
    let mut fact = |name: &str, value: &str| {
        if !value.is_empty() {
            let _infallible = writeln!(text, "{name}: {value}");
        }
    };
    fact("document", &event.document().unwrap_or_default());
    fact("updated", event.document_updated().unwrap_or_default());
    fact("protocol", &event.protocol().to_string());
    if event.is_callback() {
        fact("kind", "a callback: the platform waits for its response");
    }
    let scopes: Vec<&str> = event.scopes().iter().map(|scope| scope.name).collect();
    fact("any one of the scopes", &scopes.join(", "));
    if let Some(call) = event.subscription() {
        fact(
            "arrives only after",
            &format!("{} {}, once for each {}", call.method, call.path, call.per),
        );
    }
    text.push_str("\nFields of the member `event`:\n");
    let fields = event.fields();
    let rows: Vec<(String, String, String)> = fields
        .iter()
        // An item of a list is shown with its list.
        .filter(|field| !field.path.ends_with("/-"))
        .map(|field| row(event, &fields, field))
        .collect();
    let width = |of: fn(&(String, String, String)) -> &str| {
        rows.iter()
            .map(|row| of(row).chars().count())
            .max()
            .unwrap_or_default()
    };
    let (name, kind) = (width(|row| &row.0), width(|row| &row.1));
    for row in &rows {
        let line = format!("  {:name$}  {:kind$}  {}", row.0, row.1, row.2);
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn row(event: EventType, all: &[Field], field: &Field) -> (String, String, String) {
    let depth = field.path.matches('/').count() - 1;
    let name = field.path.rsplit('/').next().unwrap_or_default();
    let item = format!("{}/-", field.path);
    let item = all.iter().find(|other| other.path == item);
    let kind = match item {
        Some(item) => format!("list of {}", item.kind),
        None => field.kind.to_string(),
    };
    let values = item.map_or(&field.values, |item| &item.values);
    let mut notes = Vec::new();
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        notes.push(format!("one of {}", values.join(", ")));
    }
    let mut scoped = event.field_scopes().iter();
    if let Some(scopes) = scoped.find(|scopes| scopes.path == field.path) {
        notes.push(format!("needs {}", any_of(scopes)));
    }
    // The steps into lists have no line of their own.
    let lists = field.path.matches("/-/").count();
    let indent = "  ".repeat(depth.saturating_sub(lists));
    (format!("{indent}{name}"), kind, notes.join("; "))
}

/// The scopes, those that an app can still apply for first.
fn any_of(scopes: &FieldScopes) -> String {
    let mut sorted: Vec<_> = scopes.any_of.iter().collect();
    sorted.sort_by_key(|scope| scope.history);
    let names: Vec<&str> = sorted.iter().map(|scope| scope.name).collect();
    names.join(" or ")
}
