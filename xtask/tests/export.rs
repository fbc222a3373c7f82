//! The exports say what the library does. `xtask/tests/export/run` compares them with the tools of
//! other languages, and takes its cases from here.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use feishu_events::cloud_event::cloudevents::AttributesReader;
use feishu_events::testing::EventRequest;
use feishu_events::{Envelope, EventType, Protocol, ReportKind};
use serde_json::{Value, json};
use xtask::export::{ExportArgs, run};

/// The callback that arrives without an envelope.
const WITHOUT_ENVELOPE: &str = "card.action.trigger_v1";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn exported(file: &str) -> Value {
    let file = root().join("schemas/export").join(file);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// The body of a request with something in every field.
fn sample(event_type: EventType) -> Value {
    let request = EventRequest::from_sample(event_type).unwrap();
    serde_json::from_str(&request.event_id("5e37").json()).unwrap()
}

#[test]
fn the_command_writes_what_is_committed_and_names_what_is_stale() {
    let out = tempfile::tempdir().unwrap();
    let args = |check| ExportArgs {
        out: Some(out.path().to_owned()),
        check,
        schemas: None,
    };
    assert!(!run(&args(true), &root()).unwrap(), "nothing is there yet");
    assert!(run(&args(false), &root()).unwrap());
    assert!(run(&args(true), &root()).unwrap());
    // What is beside them in a folder of the user's stays.
    let other = out.path().join("openapi/own.json");
    std::fs::write(&other, "{}").unwrap();
    assert!(run(&args(false), &root()).unwrap() && other.exists());
    let file = "received/im/message.receive_v1.json";
    let written = std::fs::read_to_string(out.path().join(file)).unwrap();
    let committed = root().join("schemas/export").join(file);
    assert_eq!(written, std::fs::read_to_string(committed).unwrap());
    std::fs::write(out.path().join(file), written + " ").unwrap();
    assert!(!run(&args(true), &root()).unwrap());
}

#[test]
fn every_event_is_in_every_document() {
    let openapi = exported("openapi/feishu-events.json");
    let asyncapi = exported("asyncapi/feishu-events.json");
    let messages = asyncapi["components"]["messages"].as_object().unwrap();
    let names: BTreeSet<&str> = messages
        .values()
        .filter_map(|message| message["x-feishu-event-type"].as_str())
        .collect();
    for event_type in EventType::ALL {
        let webhook = &openapi["webhooks"][event_type.as_str()]["post"];
        assert!(webhook["requestBody"].is_object(), "{event_type}");
        assert!(names.contains(event_type.as_str()), "{event_type}");
    }
    assert_eq!(names.len(), EventType::ALL.len());
}

#[test]
fn a_cloud_event_is_made_as_the_mapping_says() {
    let mapping = exported("cloudevents/mapping.json");
    let mut compared = 0;
    for event_type in EventType::ALL {
        if event_type.as_str() == WITHOUT_ENVELOPE {
            continue;
        }
        let body = sample(*event_type);
        let envelope = Envelope::from_slice(body.to_string().as_bytes()).unwrap();
        let event = envelope.to_cloud_event().unwrap();
        let entry = &mapping["events"][event_type.as_str()];
        assert_eq!(entry["type"], event.ty());
        let schema = event.dataschema().unwrap().to_string();
        assert_eq!(entry["dataschema"], schema, "{event_type}");
        let written = serde_json::to_value(&event).unwrap();
        let protocol = match event_type.protocol() {
            Protocol::V1 => "1.0",
            _ => "2.0",
        };
        assert_eq!(written["feishuprotocol"], protocol);
        for (attribute, form) in [
            ("id", "{}"),
            ("source", "https://open.feishu.cn/app/{}"),
            ("tenantkey", "{}"),
        ] {
            let pointers = mapping["attributes"][attribute][protocol]
                .as_array()
                .unwrap();
            let mut found = pointers
                .iter()
                .filter_map(|pointer| body.pointer(pointer.as_str()?)?.as_str());
            if let Some(found) = found.next() {
                assert_eq!(
                    written[attribute],
                    form.replace("{}", found),
                    "{event_type}"
                );
                compared += 1;
            }
        }
        let path = schema.split_once("/schemas/").unwrap().1;
        let path = path.strip_suffix("#/properties/event").unwrap();
        assert!(exported(path)["properties"]["event"].is_object(), "{path}");
    }
    assert!(compared > 2 * EventType::ALL.len(), "{compared}");
}

/// Values that are put in place of each other value of a sample.
fn replacements() -> Vec<Value> {
    vec![
        Value::Null,
        json!("x"),
        json!("12"),
        json!("007"),
        json!("1.5"),
        json!("true"),
        json!(1),
        json!(-7),
        json!(1.5),
        json!(true),
        json!([]),
        json!({}),
        json!({ "unheard_of": 1 }),
        json!(["x"]),
        json!([1.5]),
        json!([true]),
        json!(["x", "y"]),
        json!([["x"]]),
        json!([null]),
        json!([{}]),
    ]
}

/// The pointers to all values in `value`.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                pointers(value, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}

/// Whether the reader takes the event without losing a value.
fn is_taken(body: &Value) -> bool {
    Envelope::from_slice(body.to_string().as_bytes()).is_ok_and(|envelope| {
        let reports = envelope.reports.iter();
        reports
            .filter(|report| {
                matches!(
                    report.kind,
                    ReportKind::Unreadable { .. } | ReportKind::Replaced
                )
            })
            .count()
            == 0
    })
}

/// Each value of each sample, replaced by values of all kinds: what the reader does with it is what
/// the schema of the event as received says. `FEISHU_EXPORT_CASES` names a file that the cases are
/// written to, for the script that asks the schemas.
#[test]
fn the_reader_decides_about_every_replaced_value() {
    let (mut taken, mut refused) = (0, 0);
    let mut text = String::new();
    for event_type in EventType::ALL {
        if event_type.as_str() == WITHOUT_ENVELOPE {
            continue;
        }
        let body = sample(*event_type);
        assert!(is_taken(&body), "{event_type}");
        let mut found = Vec::new();
        pointers(&body["event"], "/event".to_owned(), &mut found);
        // What names the event is not one of its fields.
        found.retain(|pointer| pointer != "/event/type");
        let mut cases = Vec::new();
        for pointer in &found {
            for value in replacements() {
                let mut changed = body.clone();
                *changed.pointer_mut(pointer).unwrap() = value.clone();
                let is_taken = is_taken(&changed);
                *(if is_taken { &mut taken } else { &mut refused }) += 1;
                cases.push(json!([pointer, value, is_taken]));
            }
        }
        let line = json!({ "type": event_type.as_str(), "body": body, "cases": cases });
        writeln!(text, "{line}").unwrap();
    }
    assert!(taken > 10_000 && refused > 10_000, "{taken} {refused}");
    if let Some(file) = std::env::var_os("FEISHU_EXPORT_CASES") {
        std::fs::write(file, text).unwrap();
    }
}
