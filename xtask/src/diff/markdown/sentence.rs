//! One change → one sentence.

use super::super::report::{Change, EventChange, What};
use super::inside;

/// A sentence on what changed, with the Rust item.
pub(crate) fn sentence(event: &EventChange, change: &Change) -> String {
    let text = match &change.row {
        Some(row) => of_row(event, change, row),
        None => of_event(change),
    };
    let rust = change.rust.as_ref().map(|path| {
        let types = change.rust_types.as_ref();
        let types = types.map(|(from, to)| format!(", {} is now {}", code(from), code(to)));
        format!(" Rust: {}{}.", code(path), types.unwrap_or_default())
    });
    format!("{text}{}", rust.unwrap_or_default())
}

fn of_row(event: &EventChange, change: &Change, row: &str) -> String {
    let name = code(inside(row));
    let from = change.from.as_deref().unwrap_or_default();
    let to = change.to.as_deref().unwrap_or_default();
    match change.what {
        What::RowAdded => format!(
            "{name} is new: {}{}.",
            code(to),
            with_rows(event, change, row)
        ),
        What::RowRemoved => {
            let rows = with_rows(event, change, row);
            format!("{name} is gone; it was {}{rows}.", code(from))
        }
        What::RowMoved => format!("{} is now {}.", code(inside(from)), code(inside(to))),
        What::RowRetyped => format!("{name} is {} now; it was {}.", code(to), code(from)),
        What::SampleRetyped => match (from, to) {
            (_, "") => format!("the page's sample no longer contradicts the type of {name}."),
            (_, to) => format!("the page's sample shows {name} as {}.", code(to)),
        },
        What::RustType => format!("{name} is another type because of what is in it."),
        What::RowsReordered if row.is_empty() => reordered(change, "outermost rows"),
        What::RowsReordered => reordered(change, &format!("rows in {name}")),
        What::RowScopes => format!("{name} needs other scopes: {}.", gained_dropped(change)),
        What::RowValues => {
            let mut parts = Vec::new();
            if !change.gained.is_empty() || !change.dropped.is_empty() {
                parts.push(gained_dropped(change));
            }
            if !to.is_empty() {
                parts.push(format!("{} is called {} now", code(from), code(to)));
            }
            format!("{name} lists other values: {}.", parts.join("; "))
        }
        What::RowLimits => match (from, to) {
            ("", to) => format!("{name} has limits now: {to}."),
            (from, "") => format!("{name} no longer has limits; they were: {from}."),
            (from, to) => format!("{name} has other limits: {to}; they were: {from}."),
        },
        What::RowLevel => format!("the level of {name} is {to} now; it was {from}."),
        What::RowDescription => format!("the page's description of {name} changed."),
        _ => of_event(change),
    }
}

/// `, with 3 rows in it`
fn with_rows(event: &EventChange, change: &Change, row: &str) -> String {
    let inside = format!("{row}.");
    let rows = event.changes.iter().filter(|other| {
        let row = other.row.as_ref();
        other.what == change.what && row.is_some_and(|row| row.starts_with(&inside))
    });
    match rows.count() {
        0 => String::new(),
        1 => ", with one row in it".to_owned(),
        rows => format!(", with {rows} rows in it"),
    }
}

fn reordered(change: &Change, what: &str) -> String {
    format!(
        "the {what} are in another order: {} moved.",
        listed(&change.gained)
    )
}

fn of_event(change: &Change) -> String {
    let from = change.from.as_deref().unwrap_or_default();
    let to = change.to.as_deref().unwrap_or_default();
    match change.what {
        What::Scopes | What::FieldScopes | What::HistoryScopes | What::AppTypes | What::KnownTo => {
            let list = match change.what {
                What::Scopes => "other scopes let an app subscribe",
                What::FieldScopes => "the page names other scopes for fields",
                What::HistoryScopes => "other scopes can no longer be applied for",
                What::AppTypes => "other kinds of app receive it",
                _ => "other official SDKs know it",
            };
            format!("{list}: {}.", gained_dropped(change))
        }
        What::Title => format!(
            "the page is called “{}” now; it was “{}”.",
            plain(to),
            plain(from)
        ),
        What::Page => match to {
            "" => format!(
                "it is no longer documented by a page; it was {}.",
                code(from)
            ),
            to => format!("its page is {} now.", code(to)),
        },
        What::PageDate => match (from, to) {
            ("", to) => format!("the page is of {to}."),
            (from, "") => format!("the page no longer has a date; it was of {from}."),
            (from, to) => format!("the page is of {to} now; it was of {from}."),
        },
        What::PageMissing => match to {
            "" => "its page is there again.".to_owned(),
            to => format!("its page is gone since {to}."),
        },
        What::Kind => format!("it is a {} now; it was an {}.", code(to), code(from)),
        What::Protocol => {
            format!("it arrives in the envelope of protocol {to} now; it was {from}.")
        }
        What::Service => format!(
            "it belongs to the service {} now; it was {}.",
            code(to),
            code(from)
        ),
        _ => "the same is listed in another order.".to_owned(),
    }
}

/// `now also …, no longer …`
fn gained_dropped(change: &Change) -> String {
    let parts = [("now also", &change.gained), ("no longer", &change.dropped)];
    let parts = parts.iter().filter(|(_, list)| !list.is_empty());
    let parts: Vec<String> = parts
        .map(|(what, list)| format!("{what} {}", listed(list)))
        .collect();
    parts.join(", ")
}

fn listed(list: &[String]) -> String {
    let list: Vec<String> = list.iter().map(|item| code(item)).collect();
    list.join(", ")
}

/// Text of a page as Markdown code.
pub(super) fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c == '`' || c.is_control() { '\'' } else { c })
        .collect();
    format!("`{text}`")
}

/// Text of a page, escaped for Markdown and HTML.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if "\\`*_[]<>#|~&@".contains(c) {
            plain.push('\\');
        }
        plain.push(if c.is_control() { ' ' } else { c });
    }
    plain
}
