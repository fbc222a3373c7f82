//! A report as Markdown, for people who may not know the code.

use super::report::{Change, Class, EventChange, Fate, ItemChange, Report, Step, What};

mod sentence;

pub(crate) use sentence::sentence;
use sentence::{code, plain};

/// The whole report, as it is printed and put into a pull request.
pub fn page(report: &Report) -> String {
    let mut text = format!(
        "# What changed in the documentation\n\nFrom `{}` to `{}`: {}.\n\n**Version step: {}.** {}\n",
        report.old,
        report.new,
        overview(report),
        step_name(report.step),
        step_meaning(report.step),
    );
    for note in &report.notes {
        text += &format!("\n> {note}\n");
    }
    text += &section(
        "What running apps may notice",
        "They come from the platform itself, with any version of this crate.",
        &effects(report),
    );
    text += &events_of(report, Class::Breaking);
    text += &events_of(report, Class::Addition);
    let items = unmentioned(report).into_iter();
    let items = items.map(|change| format!("{}{}", tag(change.class), item(change)));
    text += &section(
        "Other Rust items",
        "They changed because a type that events share did, or its name in `schemas/overlay`.",
        &items.collect::<Vec<_>>(),
    );
    text += &events_of(report, Class::Documentation);
    let dated: Vec<String> = report
        .events
        .iter()
        .filter(|event| is_only_dated(event))
        .map(|event| code(&event.event_type))
        .collect();
    if !dated.is_empty() {
        text += &format!(
            "\n## Only the date of the page changed\n\n{}\n",
            dated.join(", ")
        );
    }
    text
}

/// The entry of the changelog: what users have to know, in lines.
pub fn changelog(report: &Report) -> String {
    let mut lines = Vec::new();
    let mut documented = 0;
    for event in &report.events {
        let name = code(&event.event_type);
        let payload = event.payload.as_deref().map(code).unwrap_or_default();
        match event.fate {
            Fate::Added => lines.push((
                Class::Addition,
                format!("{name} is a new event: {payload}."),
            )),
            Fate::Removed => {
                lines.push((Class::Breaking, format!("{name} is gone, and {payload}.")));
            }
            Fate::Changed => {
                let breaking = shown(event).filter(|change| change.class > Class::Documentation);
                lines.extend(
                    breaking.map(|change| {
                        (change.class, format!("{name}: {}", sentence(event, change)))
                    }),
                );
                documented += usize::from(event.class == Class::Documentation);
            }
        }
    }
    let items = unmentioned(report).into_iter();
    lines.extend(items.map(|change| (change.class, item(change))));
    // The sort is stable: within a class the events stay in their order.
    lines.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut text = String::new();
    for (class, line) in lines {
        let tag = Some(tag(class)).filter(|_| class == Class::Breaking);
        text += &format!("- {}{line}\n", tag.unwrap_or_default());
    }
    for effect in effects(report) {
        text += &format!("- Apps may notice: {effect}\n");
    }
    if documented > 0 {
        let events = counted(documented, "event");
        text += &format!("- The documentation of {events} changed without changing a type.\n");
    }
    text
}

fn overview(report: &Report) -> String {
    let count = |wanted: &dyn Fn(&EventChange) -> bool| {
        report.events.iter().filter(|event| wanted(event)).count()
    };
    let changed = |class| {
        move |event: &EventChange| {
            let is_counted = is_only_dated(event) || has_page_now(event);
            event.fate == Fate::Changed && event.class == class && !is_counted
        }
    };
    let parts = [
        (count(&|event| event.fate == Fate::Added), "added"),
        (count(&|event| event.fate == Fate::Removed), "removed"),
        (count(&has_page_now), "documented by a page now"),
        (
            count(&changed(Class::Breaking)),
            "changed so that code may break",
        ),
        (count(&changed(Class::Addition)), "changed by additions"),
        (
            count(&changed(Class::Documentation)),
            "changed in the documentation only",
        ),
        (count(&is_only_dated), "with nothing but a new date"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, what)| format!("{} {what}", counted(*number, "event")))
        .collect();
    match parts.as_slice() {
        [] if report.items.is_empty() => "nothing changed".to_owned(),
        [] => "no page changed, but Rust items did".to_owned(),
        parts => parts.join(", "),
    }
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn step_name(step: Step) -> &'static str {
    match step {
        Step::None => "none",
        Step::Patch => "patch",
        Step::Minor => "minor",
        Step::Major => "major",
    }
}

fn step_meaning(step: Step) -> &'static str {
    match step {
        Step::None => "Both sides give the same Rust.",
        Step::Patch => "Only documentation changes; all code still compiles.",
        Step::Minor => "There are additions; all code still compiles.",
        Step::Major => {
            "Code that compiles today may not compile with the new types. Before version 1.0 it is \
             the second number that is raised."
        }
    }
}

fn section(title: &str, explained: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("\n## {title}\n\n{explained}\n\n");
    for line in lines {
        text += &format!("- {line}\n");
    }
    text
}

/// What running apps notice without any change of code, one line per event or field.
fn effects(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for event in &report.events {
        let name = code(&event.event_type);
        if event.fate == Fate::Removed {
            lines.push(format!("{name}: it now arrives as an unknown event."));
        }
        for change in &event.changes {
            let Some(effect) = change
                .effect
                .as_ref()
                .filter(|_| is_of_platform(change.what))
            else {
                continue;
            };
            lines.push(match &change.row {
                Some(row) => format!("{name}, field {}: {effect}", code(inside(row))),
                None => format!("{name}: {effect}"),
            });
        }
    }
    lines
}

/// Whether an effect is one of the platform, and not one of the Rust types.
fn is_of_platform(what: What) -> bool {
    let of_rust = [
        What::RowAdded,
        What::RowRemoved,
        What::RowValues,
        What::Kind,
    ];
    !of_rust.contains(&what)
}

fn events_of(report: &Report, class: Class) -> String {
    let events = report.events.iter();
    let events: Vec<&EventChange> = events
        .filter(|event| event.class == class && !is_only_dated(event))
        .collect();
    if events.is_empty() {
        return String::new();
    }
    let title = match class {
        Class::Breaking => "Code may have to change",
        Class::Addition => "Additions",
        Class::Documentation => "Documentation only",
    };
    let mut text = format!("\n## {title}\n");
    for event in events {
        let title = match plain(&event.title) {
            title if title.is_empty() => String::new(),
            title => format!(" ({title})"),
        };
        text += &format!("\n### {}{title}\n\n", code(&event.event_type));
        text += &match event.fate {
            Fate::Added => whole(event, "**New:** the event; its table has"),
            Fate::Removed => whole(event, "**Breaking:** the event is gone; its table had"),
            Fate::Changed => {
                let mut changes: Vec<&Change> = shown(event).collect();
                // Stable: those of a class stay in the order of the page.
                changes.sort_by_key(|change| std::cmp::Reverse(change.class));
                let lines = changes.into_iter().map(|change| {
                    let tag = tag(change.class);
                    // Effects of the platform are listed above.
                    let effect = change.effect.as_ref();
                    let effect = effect.filter(|_| !is_of_platform(change.what));
                    let effect = effect
                        .map(|effect| format!(" {effect}"))
                        .unwrap_or_default();
                    let text = sentence(event, change);
                    let text = if tag.is_empty() { capital(&text) } else { text };
                    format!("- {tag}{text}{effect}\n")
                });
                lines.collect()
            }
        };
    }
    text
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn tag(class: Class) -> &'static str {
    match class {
        Class::Breaking => "**Breaking:** ",
        Class::Addition => "**New:** ",
        Class::Documentation => "",
    }
}

fn whole(event: &EventChange, what: &str) -> String {
    let rows = counted(event.rows, "row");
    let payload = event.payload.as_deref().map(code);
    let payload = payload.map(|payload| format!(" Rust: {payload}."));
    format!("{what} {rows}.{}\n", payload.unwrap_or_default())
}

/// The changes of an event, except for rows that were added or removed with the row that contains them.
fn shown(event: &EventChange) -> impl Iterator<Item = &Change> {
    event
        .changes
        .iter()
        .filter(|change| outer(event, change).is_none())
}

/// The change of a containing row that covers this one.
fn outer<'a>(event: &'a EventChange, change: &Change) -> Option<&'a Change> {
    let row = change.row.as_ref()?;
    if !matches!(change.what, What::RowAdded | What::RowRemoved) {
        return None;
    }
    event.changes.iter().find(|other| {
        let holds = other
            .row
            .as_ref()
            .and_then(|outer| row.strip_prefix(outer.as_str()));
        other.what == change.what
            && other.class >= change.class
            && holds.is_some_and(|rest| rest.starts_with('.'))
    })
}

pub(crate) fn is_only_dated(event: &EventChange) -> bool {
    event.fate == Fate::Changed
        && event
            .changes
            .iter()
            .all(|change| change.what == What::PageDate)
}

/// Whether no page documented the event before.
fn has_page_now(event: &EventChange) -> bool {
    let mut changes = event.changes.iter();
    changes.any(|change| change.what == What::Page && change.from.as_deref() == Some(""))
}

/// The items that no change of an event mentions.
fn unmentioned(report: &Report) -> Vec<&ItemChange> {
    let is_mentioned = |change: &ItemChange| {
        let path = change.to.as_deref().or(change.from.as_deref());
        report.events.iter().any(|event| {
            let payload = event.payload.as_deref();
            // The names of unnamed types inside a payload begin with the payload's name.
            let inside = payload.is_some_and(|payload| change.item.starts_with(payload));
            let new_type =
                change.class == Class::Addition && matches!(path, Some("struct" | "enum"));
            let mut mentioned = event
                .changes
                .iter()
                .filter_map(|change| change.item.as_ref());
            match event.fate {
                Fate::Changed => (inside && new_type) || mentioned.any(|item| *item == change.item),
                Fate::Added | Fate::Removed => inside || path == payload,
            }
        })
    };
    report
        .items
        .iter()
        .filter(|change| !is_mentioned(change))
        .collect()
}

fn item(change: &ItemChange) -> String {
    let name = code(&change.item);
    match (&change.from, &change.to, &change.renamed_to) {
        (_, _, Some(now)) => format!("{name} is called {} now.", code(now)),
        (Some(from), Some(to), _) => format!("{name}: {} is now {}.", code(from), code(to)),
        (Some(_), None, _) => format!("{name} is gone."),
        (None, Some(to), _) if matches!(to.as_str(), "struct" | "enum") => {
            format!("{name} is a new {to}.")
        }
        (None, Some(to), _) => format!("{name} is new: {}.", code(to)),
        (None, None, None) => name,
    }
}

/// The path of a row without the prefix `event.`, which all fields of the payload have.
fn inside(row: &str) -> &str {
    row.strip_prefix("event.").unwrap_or(row)
}
