//! Real pages of other origins than the portal's own form, and each of the five seeds by itself: what
//! is read stays what `other_origins.txt` says; its head says what of that was compared with the pages.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::collections::BTreeSet;
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

/// The numbers of an event, as the list has them.
fn line(schema: &EventSchema) -> String {
    let protocol = match schema.protocol {
        Protocol::V1 => "1.0",
        Protocol::V2 => "2.0",
    };
    let rows = &schema.fields;
    let count = |is: fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    format!(
        "{} {protocol} {} {} {} {} {} {}",
        schema.event_type,
        count(|row| row.from.is_none()),
        count(|row| row.from.is_some()),
        rows.iter().map(|row| row.scopes.len()).sum::<usize>(),
        count(|row| !row.values.is_empty()),
        schema.scopes.len(),
        schema.field_scopes.len()
    )
}

#[test]
fn every_event_page_of_other_origins_is_read() {
    let (Some(more), Some(directory)) = (
        shared_docs::folder("more"),
        shared_docs::folder("2026-02-directory"),
    ) else {
        return;
    };
    let folders = ["english-mirror", "lark-docs", "white-label"].map(|name| more.join(name));
    let found = folders.into_iter().chain([directory]);
    let found: BTreeSet<String> = found
        .flat_map(|folder| scraped(&folder))
        .map(|schema| line(&schema))
        .collect();
    let listed = include_str!("other_origins.txt").lines();
    let listed = listed.filter(|line| !line.starts_with('#'));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let differ: Vec<&String> = found.symmetric_difference(&listed).collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

/// Rows with all that the pages say of them: one of each origin.
#[test]
fn rows_are_as_on_the_page() {
    let Some(more) = shared_docs::folder("more") else {
        return;
    };
    let row = |folder: &str, event: &str, name: &str| {
        let schemas = scraped(&more.join(folder));
        let schema = schemas.iter().find(|schema| schema.event_type == event);
        let row = schema.unwrap().fields.iter().find(|row| row.name == name);
        let Row {
            level,
            type_name,
            scopes,
            values,
            ..
        } = row.unwrap();
        let values: Vec<&str> = values.0.iter().map(|(value, _)| value.as_str()).collect();
        format!(
            "{level} {type_name} {} {}",
            scopes.join(" "),
            values.join(" ")
        )
    };
    assert_eq!(
        row("white-label", "im.message.receive", "union_id"),
        "3 string  "
    );
    assert_eq!(
        row("lark-docs", "out_approval", "texts"),
        "2 map<string, string>  "
    );
    assert_eq!(
        row("lark-docs", "out_approval", "out_unit"),
        "1 string  HOUR DAY HALF_DAY"
    );
    assert_eq!(
        row(
            "lark-docs",
            "contact.employee_type_enum.updated_v3",
            "enum_status"
        ),
        "2 int  1 2"
    );
    assert_eq!(
        row(
            "english-mirror",
            "drive.file.permission_member_applied_v1",
            "user_id"
        ),
        "2 string contact:user.employee_id:readonly "
    );
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
