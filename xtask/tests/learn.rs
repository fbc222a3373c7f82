//! From payloads that differ, through `Drift` and its file, to proposals: exactly what differs, and no
//! value on the way.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::{Command, Output};
use std::task::{Context, Poll, Waker};

use feishu_events::{Dispatcher, Drift, Event, dispatcher, feishu_handler};
use feishu_events_gen::internals::Sources;
use feishu_events_gen::internals::schema::{Protocol, Row, Scalar};
use serde_json::{Map, Value, json};

#[feishu_handler("*")]
fn every_event(event: &Event) {
    drop(event.clone());
}

/// A value that must not be in any file.
const SECRET: &str = "Wang 9 Secret";

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas")
}

fn send(dispatcher: &Dispatcher, event_type: &str, payload: &Value) {
    let envelope = json!({ "schema": "2.0",
        "header": { "event_id": SECRET, "event_type": event_type }, "event": payload });
    let bytes = envelope.to_string();
    let mut future = pin!(dispatcher.dispatch(bytes.as_bytes()));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(result) = future.as_mut().poll(&mut context) else {
        unreachable!("these handlers do not wait")
    };
    result.unwrap();
}

fn counting() -> (Dispatcher, Drift) {
    let drift = Drift::new();
    let dispatcher: Dispatcher = dispatcher![every_event];
    (dispatcher.drift(&drift), drift)
}

/// An object as the rows after `index` document it, all of it.
fn object(rows: &[Row]) -> Value {
    let mut members = Map::new();
    let mut rest = rows;
    while let Some((row, after)) = rest.split_first() {
        let inside = after
            .iter()
            .take_while(|inner| inner.level > row.level)
            .count();
        members.insert(row.name.clone(), value(row, &after[..inside]));
        rest = &after[inside..];
    }
    members.into()
}

fn value(row: &Row, inside: &[Row]) -> Value {
    let item = row.type_name.strip_suffix("[]");
    let is_list = item.is_some() || matches!(row.type_name.as_str(), "list" | "array");
    let listed = row.values.0.first().map(|(value, _)| value.clone());
    let value = match Scalar::documented(item.unwrap_or(&row.type_name)) {
        _ if !inside.is_empty() => object(inside),
        Some(Scalar::String) => listed.unwrap_or_else(|| SECRET.to_owned()).into(),
        Some(Scalar::Int) => listed.map_or(4711.into(), |it| it.parse().unwrap_or(4711).into()),
        Some(Scalar::Float) => 47.11.into(),
        Some(Scalar::Bool) => true.into(),
        None => json!({}),
    };
    if is_list { json!([value]) } else { value }
}

/// The root of a project with nothing but the schemas.
fn project() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let to = to.join(path.file_name().unwrap());
            if path.is_dir() {
                copy(&path, &to);
            } else {
                fs::copy(&path, &to).unwrap();
            }
        }
    }
    let root = tempfile::tempdir().unwrap();
    copy(&schemas(), &root.path().join("schemas"));
    root
}

fn learn(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("learn").args(arguments).arg("--root").arg(root);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What a diff adds, each line with the file it is added to. A line that only gets a comma is not new.
fn added(diff: &str) -> Vec<String> {
    let mut file = "";
    let mut before = Vec::new();
    let mut lines = Vec::new();
    for line in diff.lines() {
        if let Some(name) = line.strip_prefix("+++ b/schemas/overlay/") {
            file = name;
        } else if let Some(line) = line.strip_prefix('-') {
            before.push(line);
        } else if let Some(line) = line.strip_prefix('+')
            && !before.contains(&line.trim_end_matches(','))
        {
            lines.push(format!("{file}: {}", line.trim().trim_end_matches(',')));
        }
    }
    lines
}

/// An event with a payload that is exactly as documented, and its rows below `event`.
struct Whole {
    event_type: String,
    service: String,
    file: String,
    rows: Vec<Row>,
    payload: Value,
}

fn whole_events() -> Vec<Whole> {
    let Sources { schemas, .. } = Sources::load(&schemas()).unwrap();
    let mut whole = Vec::new();
    for file in schemas.iter() {
        let schema = &file.schema;
        let mut rows = schema.fields.iter().skip_while(|row| row.name != "event");
        rows.next();
        let rows: Vec<Row> = rows.take_while(|row| row.level > 0).cloned().collect();
        let is_usual = schema.protocol == Protocol::V2 && schema.document.is_some();
        let overlay = self::schemas()
            .join("overlay/corrections")
            .join(&file.service);
        let name = file.path.file_name().unwrap();
        if !is_usual || rows.is_empty() || overlay.join(name).exists() {
            continue;
        }
        let payload = object(&rows);
        let (dispatcher, drift) = counting();
        send(&dispatcher, &schema.event_type, &payload);
        if !drift.to_json().contains("\"differences\"") {
            whole.push(Whole {
                event_type: schema.event_type.clone(),
                service: file.service.clone(),
                file: name.to_string_lossy().into_owned(),
                rows,
                payload,
            });
        }
    }
    whole
}

#[test]
fn what_is_proposed_is_what_differed_and_no_value_is_on_the_way() {
    let events = whole_events();
    assert!(events.len() > 100, "{}", events.len());
    let (dispatcher, drift) = counting();
    let mut expected = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let Whole {
            event_type,
            service,
            file,
            rows,
            payload,
        } = event;
        let mut payload = payload.clone();
        // Each kind in a third of the events, and some of them with nothing new at all.
        let plain = |row: &&Row| row.level == 1 && row.values.is_empty() && row.known_to.is_empty();
        let number = rows.iter().filter(plain).find(|row| row.type_name == "int");
        let listed = rows
            .iter()
            .filter(|row| row.level == 1 && row.type_name == "string");
        let listed = listed.clone().find(|row| row.values.0.len() > 1);
        match index % 4 {
            0 => {
                payload["pond_colour"] = SECRET.into();
                expected.push(format!(
                    "additions/{service}/{file}: /event/pond_colour string"
                ));
            }
            1 => {
                if let Some(row) = number {
                    payload[&row.name] = SECRET.into();
                    let (name, to) = (&row.name, "string");
                    expected.push(format!("corrections/{service}/{file}: /event/{name} {to}"));
                }
            }
            2 => {
                if let Some(row) = listed {
                    payload[&row.name] = "half_moon".into();
                    let name = &row.name;
                    expected.push(format!(
                        "corrections/{service}/{file}: /event/{name} half_moon"
                    ));
                }
            }
            _ => {}
        }
        for _ in 0..25 {
            send(&dispatcher, event_type, &payload);
        }
    }
    let root = project();
    let (one, other) = (root.path().join("one.json"), root.path().join("other.json"));
    drift.write(&one).unwrap();
    drift.write(&other).unwrap();
    let file = fs::read_to_string(&one).unwrap();
    assert!(
        !file.contains("Secret") && !file.contains("4711") && !file.contains("Wang"),
        "{file}"
    );

    let files = [one.to_str().unwrap(), other.to_str().unwrap()];
    let output = learn(root.path(), &files);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{stderr}");
    let proposed = proposals(&stdout);
    let count = |what: &str| expected.iter().filter(|line| line.contains(what)).count();
    assert!(
        count("pond_colour") > 20 && count("half_moon") > 1 && count(" string") > 25,
        "{expected:#?}"
    );
    expected.sort();
    assert_eq!(proposed, expected, "{stderr}");
    // Without `--write` nothing was touched; with it, the same is proposed no more.
    assert!(
        !stdout.contains("Secret") && stdout.contains("50 of 50 events"),
        "{stdout}"
    );
    assert_eq!(
        proposals(&text(&learn(root.path(), &files).stdout)),
        expected
    );
    let output = learn(root.path(), &[&files[..], &["--write"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let again = learn(root.path(), &files);
    assert_eq!(text(&again.stdout), "", "{}", text(&again.stderr));
    let Sources {
        problems,
        schemas,
        overlay,
    } = Sources::load(&root.path().join("schemas")).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    feishu_events_gen::internals::resolve(&schemas, &overlay).unwrap();
}

/// The proposals of a diff: the file, the field, and its type or its new value.
fn proposals(diff: &str) -> Vec<String> {
    let mut proposals = Vec::new();
    let mut field = String::new();
    for line in added(diff) {
        let (file, line) = line.split_once(": ").unwrap();
        if line.contains("\"field\"") {
            field = between(line, "\"field\": \"");
        }
        if line.contains("\"type\": \"") {
            proposals.push(format!("{file}: {field} {}", between(line, "\"type\": \"")));
        }
        if line.contains("\"values\"") {
            assert!(line.contains("\"half_moon\": \"\" }"), "{line}");
            proposals.push(format!("{file}: {field} half_moon"));
        }
    }
    proposals.sort();
    proposals
}

fn between(line: &str, start: &str) -> String {
    let rest = line.split_once(start).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn a_field_with_a_scope_that_never_came_is_named_with_its_scopes() {
    let (dispatcher, drift) = counting();
    for _ in 0..30 {
        let department = json!({ "object": { "open_department_id": SECRET } });
        send(&dispatcher, "contact.department.updated_v3", &department);
    }
    let root = project();
    let file = root.path().join("drift.json");
    drift.write(&file).unwrap();
    let output = learn(root.path(), &[file.to_str().unwrap()]);
    assert_eq!(text(&output.stdout), "");
    let notes = text(&output.stderr);
    let line = notes
        .lines()
        .find(|line| line.contains(" /object/name: "))
        .unwrap();
    assert!(
        line.contains("never arrived in 30 events") && line.contains("contact:"),
        "{line}"
    );
}

#[test]
fn a_file_of_something_else_stops_it_with_file_and_member() {
    let root = project();
    let file = root.path().join("odd.json");
    fs::write(
        &file,
        r#"{ "format": "feishu-events drift", "version": 7 }"#,
    )
    .unwrap();
    let output = learn(root.path(), &[file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr)
        .replace("\n  │ ", "")
        .replace("\n  \u{2502} ", "");
    assert!(
        error.contains("odd.json") && error.contains("/version: version 7"),
        "{error}"
    );
}
