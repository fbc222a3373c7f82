//! Real pages of other origins than the portal's own form, and each of the five seeds by itself: what is
//! read are the facts in `other_origins/`, which were taken from the pages without this reader.
//!
//! A file of facts has a line for each row: its level, name and type; behind `~` the type that the sample
//! shows against it; its limits; `{value=label; …}`; `[scope …]`. A row with `+` is in the sample only.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::fmt::{Display, Write as _};
use std::fs;
use std::path::Path;

use feishu_events_gen::internals::SchemaSet;
use feishu_events_gen::internals::schema::{EventSchema, Protocol, Row};
use xtask::scrape::{ScrapeArgs, scrape};

/// What an empty folder holds after a run over `input`.
fn scraped(input: &Path) -> Vec<EventSchema> {
    let out = tempfile::tempdir().unwrap();
    let args = ScrapeArgs {
        inputs: vec![input.to_owned()],
        out: out.path().to_owned(),
        ..ScrapeArgs::default()
    };
    let scraped = scrape(&args, false).unwrap();
    assert!(scraped.complete, "{}: {}", input.display(), scraped.report);
    let set = SchemaSet::load(out.path()).unwrap();
    set.iter().map(|file| file.schema.clone()).collect()
}

/// What the pages in `folder` say, by event.
fn folder(folder: &Path) -> Vec<EventSchema> {
    let mut schemas = scraped(folder);
    schemas.sort_by(|a, b| a.event_type.cmp(&b.event_type));
    schemas
}

/// The facts of an event, a line each, without its rows.
fn head(schema: &EventSchema) -> Vec<String> {
    let protocol = match schema.protocol {
        Protocol::V1 => "1.0",
        Protocol::V2 => "2.0",
    };
    let mut lines = vec![
        format!("event {} {protocol}", schema.event_type),
        format!("title {}", schema.title),
    ];
    if let Some(page) = &schema.document {
        lines.push(format!("path {}", page.path));
        lines.extend(page.updated.iter().map(|day| format!("day {day}")));
    }
    let apps: Vec<String> = schema
        .app_types
        .iter()
        .map(|app| app.as_str().to_owned())
        .collect();
    for (name, list) in [
        ("apps", &apps),
        ("scopes", &schema.scopes),
        ("field scopes", &schema.field_scopes),
    ] {
        if !list.is_empty() {
            lines.push(format!("{name} {}", list.join(" ")));
        }
    }
    lines
}

/// A row without its level.
fn row(row: &Row) -> String {
    let mut line = format!("{} {}", row.name, row.type_name);
    if let Some(shown) = &row.sample_type {
        write!(line, " ~{shown}").unwrap();
    }
    line += &limits("len", row.min_len.as_ref(), row.max_len.as_ref());
    line += &limits("range", row.min.as_ref(), row.max.as_ref());
    let values = row.values.0.iter();
    let values: Vec<String> = values
        .map(|(value, label)| format!("{value}={label}"))
        .collect();
    if !values.is_empty() {
        write!(line, " {{{}}}", values.join("; ")).unwrap();
    }
    if !row.scopes.is_empty() {
        write!(line, " [{}]", row.scopes.join(" ")).unwrap();
    }
    line
}

fn limits<T: Display>(name: &str, least: Option<&T>, greatest: Option<&T>) -> String {
    if least.is_none() && greatest.is_none() {
        return String::new();
    }
    let shown = |limit: Option<&T>| limit.map_or_else(String::new, ToString::to_string);
    format!(" {name} {}..{}", shown(least), shown(greatest))
}

/// What was read otherwise than `facts` have it; `guesses` counts levels that are marked as guesses, and
/// are other than the facts'.
fn differences(schema: &EventSchema, facts: &[&str], guesses: &mut usize) -> Vec<String> {
    let is_row = |line: &&&str| {
        line.trim_start_matches('+')
            .starts_with(|c: char| c.is_ascii_digit())
    };
    let (rows, event): (Vec<&&str>, Vec<&&str>) = facts.iter().partition(is_row);
    let mut found: Vec<String> = Vec::new();
    let read = head(schema);
    for line in event
        .iter()
        .filter(|line| !read.contains(&(**line).to_string()))
    {
        found.push(format!("{}: not read: {line}", schema.event_type));
    }
    if read.len() != event.len() {
        found.push(format!("{}: read: {read:?}", schema.event_type));
    }
    if rows.len() != schema.fields.len() {
        let (read, stated) = (schema.fields.len(), rows.len());
        found.push(format!("{}: {read} rows, not {stated}", schema.event_type));
    }
    for (stated, read) in rows.iter().zip(&schema.fields) {
        let from_sample = stated.starts_with('+');
        let (level, stated) = stated.trim_start_matches('+').split_once(' ').unwrap();
        let line = row(read);
        if line != stated || from_sample != read.from.is_some() {
            found.push(format!("{}: {line}, not {stated}", schema.event_type));
        }
        if read.level != level.parse::<u8>().unwrap() {
            *guesses += 1;
            // Nobody may take a wrong level for one that the page states.
            if !read.level_inferred {
                found.push(format!(
                    "{}: {line}: not on level {level}",
                    schema.event_type
                ));
            }
        }
    }
    found
}

#[test]
fn every_event_page_of_other_origins_gives_its_facts() {
    let (Some(more), Some(directory)) = (
        shared_docs::folder("more"),
        shared_docs::folder("2026-02-directory"),
    ) else {
        return;
    };
    let folders = ["english-mirror", "lark-docs", "white-label"].map(|name| more.join(name));
    let read: Vec<EventSchema> = folders
        .iter()
        .chain([&directory])
        .flat_map(|path| folder(path))
        .collect();
    let (mut found, mut events, mut rows, mut guesses) = (Vec::new(), 0, 0, Vec::new());
    for file in shared_docs::files("tests/other_origins".into()) {
        let text = fs::read_to_string(&file).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let lines: Vec<&str> = lines.collect();
        let docs = directory.parent().unwrap();
        let page = lines[0].strip_prefix("page ").unwrap();
        assert!(docs.join(page).is_file(), "{page}");
        for facts in lines[1..].split(|line| line.is_empty()).skip(1) {
            let name = facts[0].split(' ').nth(1).unwrap();
            let Some(schema) = read.iter().find(|schema| schema.event_type == name) else {
                found.push(format!("{name}: not read"));
                continue;
            };
            events += 1;
            rows += schema.fields.len();
            let mut of_event = 0;
            found.extend(differences(schema, facts, &mut of_event));
            if of_event > 0 {
                guesses.push(format!("{name} {of_event}"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
    assert_eq!((events, read.len()), (37, 37));
    assert_eq!(rows, 1155);
    // Only these pages leave levels open: their samples lack the fields, and no other page tells what the
    // types hold.
    let expected = [
        "directory.department.created_v1 18",
        "directory.department.deleted_v1 18",
        "directory.department.updated_v1 31",
        "directory.employee.created_v1 4",
        "directory.employee.regular_v1 4",
        "directory.employee.resigned_v1 15",
        "directory.employee.resurrect_v1 4",
        "directory.employee.to_be_resigned_v1 4",
        "directory.employee.updated_v1 43",
    ];
    assert_eq!(guesses, expected);
}

#[test]
fn each_seed_is_read_by_itself() {
    let Some(seeds) = shared_docs::folder("seeds") else {
        return;
    };
    let files = shared_docs::files(seeds);
    let found = files.iter().flat_map(|seed| scraped(seed));
    let found: Vec<String> = found
        .map(|schema| format!("{} {}", schema.event_type, schema.fields.len()))
        .collect();
    assert_eq!(
        found,
        [
            "contact.department.created_v3 26",
            "contact.department.updated_v3 43",
            "corehr.department.updated_v2 11",
            "helpdesk.ticket.created_v1 34",
            "third_party_meeting_room_event_created 22",
        ]
    );
}
