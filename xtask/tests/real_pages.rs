//! All real pages of March 2026, and of May: nothing disappears, and the numbers are written down.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod shared_docs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use edits::copy;
use feishu_events_gen::internals::schema::{EventSchema, Row};
use serde_json::Value;
use xtask::scrape::{ScrapeArgs, scrape};

struct Run {
    folder: PathBuf,
    out: tempfile::TempDir,
    report: Value,
}

fn run() -> Option<Run> {
    let folder = shared_docs::folder("2026-03")?;
    let out = tempfile::tempdir().unwrap();
    let report = out.path().join("report.json");
    let args = ScrapeArgs {
        inputs: vec![folder.clone()],
        out: out.path().join("schemas"),
        report: Some(report.clone()),
        findings: false,
        descriptions: false,
        ..ScrapeArgs::default()
    };
    assert!(scrape(&args, false).unwrap().complete);
    let first = std::fs::read_to_string(&report).unwrap();
    let again = scrape(&args, false).unwrap();
    assert!(
        again.report.contains("files changed: 0\n"),
        "a second run changes nothing"
    );
    assert_eq!(std::fs::read_to_string(&report).unwrap(), first);
    let report = serde_json::from_str(&first).unwrap();
    Some(Run {
        folder,
        out,
        report,
    })
}

impl Run {
    fn list(&self, key: &str) -> &[Value] {
        self.report[key].as_array().unwrap()
    }

    /// The schemas by the page they were read from.
    fn schemas(&self) -> BTreeMap<PathBuf, Vec<EventSchema>> {
        let mut schemas: BTreeMap<PathBuf, Vec<EventSchema>> = BTreeMap::new();
        for event in self.list("events") {
            let file = self
                .out
                .path()
                .join("schemas")
                .join(event["schema"].as_str().unwrap());
            let text = std::fs::read_to_string(file).unwrap();
            let schema = EventSchema::from_json(&text).unwrap();
            assert_eq!(
                schema.to_json(),
                text,
                "read and written again it is the same"
            );
            let page = PathBuf::from(event["page"].as_str().unwrap());
            schemas.entry(page).or_default().push(schema);
        }
        schemas
    }
}

#[test]
fn the_numbers_are_these() {
    let Some(run) = run() else { return };
    let totals = serde_json::to_string_pretty(&run.report["totals"]).unwrap();
    insta::assert_snapshot!("totals", totals);
    let services = run.list("events").iter().map(|event| {
        let (name, schema) = (&event["event_type"], &event["schema"]);
        format!("{} {}", name.as_str().unwrap(), schema.as_str().unwrap())
    });
    let without_service: Vec<String> = services
        .filter(|line| !line.split(' ').next().unwrap().contains('.'))
        .collect();
    insta::assert_snapshot!("services-of-protocol-1", without_service.join("\n"));
}

#[test]
fn every_page_is_read_or_has_a_reason() {
    let Some(run) = run() else { return };
    let pages = shared_docs::pages(run.folder.clone());
    assert_eq!(pages.len(), 272);
    let mut passed_over: BTreeMap<String, usize> = BTreeMap::new();
    for page in run.list("passed_over") {
        let reason = page["reason"].as_str().unwrap();
        let file = PathBuf::from(page["page"].as_str().unwrap());
        assert!(!reason.is_empty() && pages.contains(&file));
        *passed_over.entry(reason.to_owned()).or_default() += 1;
    }
    let schemas = run.schemas();
    assert_eq!(schemas.len() + run.list("passed_over").len(), pages.len());
    let reasons = passed_over
        .iter()
        .map(|(reason, pages)| format!("{pages:>3} {reason}"));
    insta::assert_snapshot!("passed-over", reasons.collect::<Vec<_>>().join("\n"));
}

/// Counts without the reader's own code: by what the page's text looks like.
#[test]
fn nothing_of_a_table_is_lost() {
    let Some(run) = run() else { return };
    for (page, schemas) in run.schemas() {
        let text = std::fs::read_to_string(&page).unwrap();
        let rows = schemas.iter().flat_map(|schema| &schema.fields);
        // What only the sample shows stands in no table.
        let rows: Vec<&Row> = rows.filter(|row| row.from.is_none()).collect();
        if !text.contains("<md-dt-table") {
            check_old_page(&schemas, &text, &page);
            continue;
        }
        let mut tables = between(&text, "<md-dt-table>", "</md-dt-table>");
        if text.contains("回调类型") {
            // Its other tables are what it may be answered with.
            let first = text.split("<md-dt-table>").nth(1).unwrap();
            first
                .split("</md-dt-table>")
                .next()
                .unwrap()
                .clone_into(&mut tables);
        }
        let rows_of_page: Vec<&str> = tables.split("<md-dt-tr level=").skip(1).collect();
        assert_eq!(rows.len(), rows_of_page.len(), "{}", page.display());
        for (row, text) in rows.iter().zip(&rows_of_page) {
            check_row(row, text, &page);
        }
    }
}

/// Pages with a pipe table or with nothing but a sample, whose keys are the rows.
fn check_old_page(schemas: &[EventSchema], text: &str, page: &Path) {
    // Rows that only the sample shows are beside those of the table.
    let rows: Vec<&Row> = schemas[0]
        .fields
        .iter()
        .filter(|row| row.from.is_none())
        .collect();
    let mut found: Vec<(u8, &str, Option<&str>)> = Vec::new();
    for line in text.lines() {
        let mut cells = line.split('|').skip(1);
        if let (Some(name), Some(type_name)) = (cells.next(), cells.next())
            && text.contains("&emsp;∟")
            && !["---", "名称"].contains(&name)
        {
            let level = name.matches("&emsp;").count().try_into().unwrap();
            let name = name.trim_start_matches("&emsp;").trim_start_matches('∟');
            found.push((level, name, Some(type_name)));
        }
    }
    if found.is_empty() {
        let keys = text.lines().filter_map(|line| {
            let key = line.trim_start_matches([' ', '\t', '{']);
            let (key, behind) = key.strip_prefix('"')?.split_once('"')?;
            behind.trim_start().starts_with(':').then_some(key)
        });
        let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, keys.collect::<Vec<_>>(), "{}", page.display());
        return;
    }
    let read = rows
        .iter()
        .map(|row| (row.level, row.name.as_str(), row.type_name.as_str()));
    let found = found
        .iter()
        .map(|(level, name, type_name)| (*level, *name, type_name.unwrap().replace('\\', "")));
    let found: Vec<_> = found.collect();
    let read: Vec<_> = read.map(|(l, n, t)| (l, n, t.to_owned())).collect();
    assert_eq!(read, found, "{}", page.display());
}

fn check_row(row: &Row, text: &str, page: &Path) {
    let place = format!("{}: {}", page.display(), row.name);
    assert!(text.starts_with(&format!("\"{}\"", row.level)), "{place}");
    let mut cells = text.split("<md-dt-td>").skip(1).map(|cell| {
        let cell = cell.split("</md-dt-td>").next().unwrap().trim();
        let inner = cell
            .strip_prefix("<md-text")
            .and_then(|cell| cell.split_once('>'));
        inner.map_or(cell, |(_, cell)| cell.trim_end_matches("</md-text>"))
    });
    assert_eq!(cells.next().unwrap(), row.name, "{place}");
    assert_eq!(
        cells.next().unwrap().replace('\\', ""),
        row.type_name,
        "{place}"
    );
    let description = cells.next().unwrap();
    let count = |what: &str| description.matches(what).count();
    let items = count("<md-enum-item ");
    // Other lists are written in the text; `forms.rs` compares how they are read.
    if items > 0 {
        assert_eq!(items, row.values.0.len(), "{place}");
    }
    assert_eq!(count("<md-perm "), row.scopes.len(), "{place}");
    for (value, _) in &row.values.0 {
        let key = format!("key=\"{value}\"");
        assert!(
            description.contains(&key) || (items == 0 && description.contains(value)),
            "{place}"
        );
    }
    for scope in &row.scopes {
        assert!(
            description.contains(&format!("name=\"{scope}\"")),
            "{place}"
        );
    }
    if count("长度：`") + count("长度范围：`") > 0 {
        assert!(row.min_len.is_some() || row.max_len.is_some(), "{place}");
    }
    if count("取值范围：`") + count("取值范围[") > 0 {
        assert!(row.min.is_some() && row.max.is_some(), "{place}");
    }
}

#[test]
fn nothing_of_an_info_table_is_lost() {
    let Some(run) = run() else { return };
    for (page, schemas) in run.schemas() {
        let text = std::fs::read_to_string(&page).unwrap();
        let place = page.display();
        if !text.contains("<md-table>") {
            continue;
        }
        let info = between(&text, "<md-table>", "</md-table>");
        let cell = |label: &str| {
            info.split("<md-tr>").find(|row| {
                row.split("</md-th>")
                    .next()
                    .unwrap()
                    .split('>')
                    .any(|text| text.split('<').next().unwrap().trim() == label)
            })
        };
        let scopes = |label| cell(label).map_or(0, |row| row.matches("<md-perm ").count());
        for schema in &schemas {
            assert_eq!(schema.scopes.len(), scopes("权限要求"), "{place}");
            assert_eq!(schema.field_scopes.len(), scopes("字段权限要求"), "{place}");
            let apps = schema.app_types.iter().map(|app_type| app_type.as_str());
            let apps = apps.collect::<Vec<_>>().join(",");
            assert!(
                cell("支持的应用类型")
                    .unwrap()
                    .contains(&format!("types=\"{apps}\"")),
                "{place}"
            );
            let document = schema.document.as_ref().unwrap();
            assert!(
                text.contains(&format!("fullPath: \"{}\"", document.path)),
                "{place}"
            );
            assert!(text.contains(&schema.event_type), "{place}");
            assert!(document.updated.is_some(), "{place}");
            for scope in &schema.history_scopes {
                let tagged = |line: &str| {
                    line.contains(&format!("name=\"{scope}\"")) && line.contains("tags=\"history")
                };
                assert!(text.lines().any(tagged), "{place}: {scope}");
            }
        }
    }
}

#[test]
fn labels_are_no_sentences() {
    let Some(run) = run() else { return };
    for schema in run.schemas().into_values().flatten() {
        for (value, label) in schema.fields.iter().flat_map(|row| &row.values.0) {
            let place = format!("{}: {value}: {label}", schema.event_type);
            assert!(!value.is_empty(), "{place}");
            assert!(!label.contains(['。', '；', '，', '\n']), "{place}");
            assert!(label.chars().count() < 40, "{place}");
        }
    }
}

/// The text between each `start` and the `end` behind it.
fn between(text: &str, start: &str, end: &str) -> String {
    let parts = text.split(start).skip(1);
    parts.map(|part| part.split(end).next().unwrap()).collect()
}

/// What is committed is as the pages of May say: read again, nothing changes.
#[test]
fn the_committed_schemas_are_up_to_date() {
    let Some(folder) = shared_docs::folder("2026-05") else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let (schemas, report) = (out.path().join("schemas"), out.path().join("report.json"));
    let committed = Path::new("../schemas");
    copy(committed, &schemas);
    let args = ScrapeArgs {
        inputs: vec![folder],
        out: schemas.clone(),
        report: Some(report.clone()),
        ..ScrapeArgs::default()
    };
    assert!(scrape(&args, false).unwrap().complete);
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let totals = serde_json::to_string_pretty(&report["totals"]).unwrap();
    insta::assert_snapshot!("totals-of-may", totals);
    for event in report["events"].as_array().unwrap() {
        let name = event["schema"].as_str().unwrap();
        let [read, committed] =
            [&schemas, committed].map(|folder| std::fs::read_to_string(folder.join(name)).unwrap());
        assert_eq!(read, committed, "{name}");
    }
}
