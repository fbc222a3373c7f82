//! Pages that a converter made of HTML give what the HTML gives: `tests/converters/run` installs the
//! converters and prints how many do.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

#[path = "../shared_docs/mod.rs"]
mod shared_docs;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use feishu_events_gen::internals::schema::EventSchema;
use xtask::pages::decode::decode;
use xtask::pages::read::{Event, Outcome, read_page};

mod html;

fn events(name: &str, text: &str) -> Result<Vec<Event>, String> {
    let reading = read_page(&decode(name, text.as_bytes()).unwrap());
    match reading.outcome {
        Outcome::Events(events) => Ok(events),
        Outcome::PassedOver(reason) => Err(format!("passed over: {reason}")),
        Outcome::Failed => Err(format!("{:?}", reading.findings.first())),
    }
}

/// The pages of March 2026 with a sample of protocol 2.0, as HTML, by the name of their event.
fn pages(folder: PathBuf) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    for page in shared_docs::pages(folder) {
        let text = fs::read_to_string(&page).unwrap();
        let events = events("page.md", &text).unwrap_or_default();
        for event in events {
            let v2 = event.schema.event_type.contains('.');
            if let Some(sample) = event.sample.as_ref().filter(|_| v2) {
                let html = html::page(&event.schema, &event.descriptions, sample);
                pages.insert(event.schema.event_type.clone(), html);
            }
        }
    }
    pages
}

/// What the two say differently, by kind; a page that is not read differs in all.
fn differences(html: &EventSchema, read: &Result<Vec<Event>, String>) -> [bool; 6] {
    let Ok([event]) = read.as_deref() else {
        return [true; 6];
    };
    let read = &event.schema;
    let facts = |schema: &EventSchema| {
        let rows = &schema.fields;
        let each = |fact: fn(&feishu_events_gen::internals::schema::Row) -> String| {
            rows.iter().map(fact).collect::<Vec<_>>().join("\n")
        };
        [
            each(|row| row.name.clone()),
            each(|row| row.level.to_string()),
            each(|row| row.type_name.clone()),
            each(|row| row.scopes.join(" ")),
            each(|row| format!("{:?}", row.values)),
            format!(
                "{:?} {:?} {:?}",
                schema.event_type, schema.scopes, schema.field_scopes
            ),
        ]
    };
    let (a, b) = (facts(html), facts(read));
    std::array::from_fn(|at| a[at] != b[at])
}

/// The first row that differs, or why the page was not read.
fn first(html: &EventSchema, read: &Result<Vec<Event>, String>) -> String {
    let events = match read {
        Ok(events) => events,
        Err(error) => return error.clone(),
    };
    let rows = events.first().map_or(&[][..], |event| &event.schema.fields);
    let mut pairs = html.fields.iter().zip(rows);
    match pairs.find(|(a, b)| a != b) {
        Some((a, b)) => format!("{a:?}\n    {b:?}"),
        None => format!("{} rows, not {}", rows.len(), html.fields.len()),
    }
}

/// How many pages of each converter differ, and in what.
#[test]
fn converted_pages_give_what_the_html_gives() {
    let Some(tools) = std::env::var_os("CONVERTERS").map(PathBuf::from) else {
        eprintln!("SKIPPED: CONVERTERS is not set, see tests/converters/run");
        return;
    };
    let Some(docs) = shared_docs::folder("2026-03") else {
        return;
    };
    let pages = pages(docs);
    let kept = std::env::var_os("CONVERTED").map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.as_deref().unwrap_or(temporary.path());
    fs::create_dir_all(folder.join("html")).unwrap();
    for (name, html) in &pages {
        fs::write(folder.join(format!("html/{name}.html")), html).unwrap();
    }
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/converters");
    let python = tools.join("py/bin/python");
    for (program, script) in [
        (python.as_os_str(), "convert.py"),
        ("node".as_ref(), "convert.mjs"),
    ] {
        let mut command = Command::new(program);
        command.arg(scripts.join(script)).arg(folder).arg(&tools);
        assert!(command.status().unwrap().success(), "{script}");
    }
    let mut table = format!(
        "{:22} pages unread  rows levels types scopes values  info\n",
        "converter"
    );
    let mut wrong = Vec::new();
    let mut converters: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    converters.sort();
    for converter in converters.iter().filter(|path| !path.ends_with("html")) {
        let converter = converter
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let mut counts = [0_usize; 7];
        for (name, html) in &pages {
            let html = &events("page.html", html).unwrap()[0].schema;
            let file = folder.join(&converter).join(format!("{name}.md"));
            let read = events("page.md", &fs::read_to_string(file).unwrap());
            let differ = differences(html, &read);
            counts[0] += usize::from(read.is_err());
            for (count, differs) in counts[1..].iter_mut().zip(differ) {
                *count += usize::from(differs);
            }
            if differ.contains(&true) {
                wrong.push(format!("{converter} {name}: {}", first(html, &read)));
            }
        }
        let [unread, rows, levels, types, scopes, values, info] = counts;
        let count = pages.len();
        writeln!(
            table,
            "{converter:22} {count:5} {unread:6} {rows:5} {levels:6} {types:5} {scopes:6} \
             {values:6} {info:5}"
        )
        .unwrap();
    }
    eprintln!("{table}\n{}", wrong.join("\n"));
}
