//! The types agree with the pages' own samples: each reads into its variant and is written back
//! as it was. Where a sample and its own page disagree, the difference is listed by hand in
//! `sample_exceptions.txt`: a new one fails, and one that is gone must be struck off.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use feishu_events::{Envelope, EventType, ReportKind};
use serde_json::Value;
use xtask::pages::read::{Outcome, read_page};
use xtask::pages::source::Source;
use xtask::scrape::{ScrapeArgs, scrape};

/// The sample of each event, with its page.
fn samples(folder: &Path) -> BTreeMap<String, (String, Value)> {
    let mut samples = BTreeMap::new();
    for path in shared_docs::pages(folder.to_owned()) {
        let page = path.strip_prefix(folder).unwrap().display().to_string();
        let source = Source::new(page.clone(), std::fs::read_to_string(&path).unwrap());
        let Outcome::Events(events) = read_page(&source).outcome else {
            continue;
        };
        for event in events {
            let sample = event
                .sample
                .unwrap_or_else(|| panic!("{page} has no sample"));
            samples.insert(event.schema.event_type, (page.clone(), sample));
        }
    }
    samples
}

#[test]
fn every_sample_is_read_and_written_back() {
    let Some(folder) = shared_docs::folder("2026-03") else {
        return;
    };
    let samples = samples(&folder);
    let mut found = BTreeSet::new();
    let mut identical = 0;
    for (name, (page, sample)) in &samples {
        let envelope = Envelope::from_slice(sample.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{page}: {error}"));
        let event_type: EventType = name.parse().unwrap();
        if envelope.event.event_type() != Some(event_type) {
            let shown = &envelope.header.event_type;
            found.insert(format!("{page} {name}: the sample is of `{shown}`"));
            continue;
        }
        let before = found.len();
        let written = serde_json::to_value(&envelope).unwrap();
        let mut differences = Vec::new();
        compare(sample, &written, "", &mut differences);
        for path in differences {
            found.insert(format!(
                "{page} {path}: {}",
                cause(&envelope, sample, &path)
            ));
        }
        if before == found.len() {
            identical += 1;
        }
    }
    eprintln!(
        "{identical} of {} samples are written back as they were",
        samples.len()
    );
    let listed = include_str!("sample_exceptions.txt").lines();
    let listed: BTreeSet<String> = listed
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    let new: Vec<_> = found.difference(&listed).cloned().collect();
    let gone: Vec<_> = listed.difference(&found).cloned().collect();
    assert!(
        new.is_empty(),
        "not written back as it was:\n{}",
        new.join("\n")
    );
    assert!(
        gone.is_empty(),
        "strike off, these are right now:\n{}",
        gone.join("\n")
    );
}

/// Collects the pointers at which `written` is not what `sample` is.
fn compare(sample: &Value, written: &Value, path: &str, differences: &mut Vec<String>) {
    match (sample, written) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let path = format!("{path}/{key}");
                match (a.get(key), b.get(key)) {
                    (Some(a), Some(b)) => compare(a, b, &path, differences),
                    _ => differences.push(path),
                }
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, &format!("{path}/{index}"), differences);
            }
        }
        // 1 and 1.0 are the same number.
        (Value::Number(a), Value::Number(b))
            if a.is_f64() != b.is_f64() && a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        _ => differences.push(path.to_owned()),
    }
}

/// Why the value at `path` of the envelope is not written back as it was.
fn cause(envelope: &Envelope, sample: &Value, path: &str) -> String {
    let inside = path.strip_prefix("/event").unwrap_or(path);
    let report = envelope.reports.iter().find(|report| report.path == inside);
    match report.map(|report| report.kind) {
        Some(ReportKind::Undocumented) => "the table has no row for it".to_owned(),
        Some(_) => {
            let text = report.unwrap().to_string();
            let (_, cause) = text.split_once("` ").unwrap();
            cause.to_owned()
        }
        None if path.ends_with("create_time") => "kept as the header's create_time".to_owned(),
        None if sample.pointer(path) == Some(&Value::Null) => "null is read as absent".to_owned(),
        None => "lost without a report".to_owned(),
    }
}

/// The documented samples of protocol 2.0, each read into its type: what the page shows of an event, the
/// type holds. What arrives otherwise than documented may be converted or left out, with a report.
#[test]
fn no_value_of_a_sample_is_lost() {
    for (pages, expected) in [("2026-03", (188, 2003)), ("2026-05", (189, 2118))] {
        let Some(folder) = shared_docs::folder(pages) else {
            return;
        };
        let out = tempfile::tempdir().unwrap();
        let samples = out.path().join("samples.jsonl");
        let args = ScrapeArgs {
            inputs: vec![folder],
            out: out.path().join("schemas"),
            samples: Some(samples.clone()),
            ..ScrapeArgs::default()
        };
        assert!(scrape(&args, false).unwrap().complete);
        let lines = std::fs::read_to_string(samples).unwrap();
        let (mut count, mut values, mut lost) = (0, 0, Vec::new());
        for line in lines.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let envelope = Envelope::from_slice(line["body"].to_string().as_bytes()).unwrap();
            let written = serde_json::to_value(&envelope).unwrap();
            count += 1;
            for (path, value) in leaves(&line["body"]["event"], "/event".to_owned()) {
                values += 1;
                let found = written.pointer(&path);
                // Null is read as absent.
                if !value.is_null() && !found.is_some_and(|found| is_kept(value, found)) {
                    let found = found.map_or_else(String::new, Value::to_string);
                    lost.push(format!("{} {path}: {value}, not {found}", line["type"]));
                }
            }
        }
        assert_eq!(lost, Vec::<String>::new(), "{pages}");
        assert_eq!((count, values), expected, "{pages}");
    }
}

/// Whether `found` is the value of the sample, if only in the type that is documented: `"1"` as 1.
fn is_kept(value: &Value, found: &Value) -> bool {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let number = |value: &Value| text(value).parse::<f64>().ok();
    value == found
        || text(value) == text(found)
        || number(value).is_some_and(|one| number(found) == Some(one))
}

/// What is neither an object nor a list, with its place.
fn leaves(value: &Value, path: String) -> Vec<(String, &Value)> {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let leaves = members.flat_map(|(key, value)| leaves(value, format!("{path}/{key}")));
            leaves.collect()
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            let leaves = items.flat_map(|(at, value)| leaves(value, format!("{path}/{at}")));
            leaves.collect()
        }
        _ => vec![(path, value)],
    }
}
