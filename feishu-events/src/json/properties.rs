//! Whatever an event's fields hold, the event is read, and only what is reported is lost.
//!
//! `PROPTEST_CASES=100000 cargo test -p feishu-events properties --release` runs more cases.

#![cfg(feature = "all-services")]

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use crate::event::envelope::Members;
use crate::json::record::{Record, Slot};
use crate::{Envelope, Event, EventType, Protocol, Report, ReportKind};

/// How a value in an event drifts.
#[derive(Debug, Clone)]
enum Drift {
    Drop,
    Null,
    Retype(Value),
    Wrap,
    Unknown(Value),
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-9i64..9).prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        any::<i32>().prop_map(|int| Value::from(f64::from(int))),
        any::<i64>().prop_map(|int| Value::from(int.to_string())),
        prop_oneof!["", "true", "false", "007", "1.5", "\\PC{0,8}"].prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z~/]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_drift() -> impl Strategy<Value = Drift> {
    prop_oneof![
        Just(Drift::Drop),
        Just(Drift::Null),
        any_json().prop_map(Drift::Retype),
        Just(Drift::Wrap),
        any_json().prop_map(Drift::Unknown),
    ]
}

pub(super) fn any_event() -> impl Strategy<Value = (EventType, Value)> {
    let drifts = prop::collection::vec((any::<Index>(), any_drift()), 0..6);
    (any::<Index>(), drifts).prop_map(|(index, drifts)| {
        let event_type = EventType::ALL[index.index(EventType::ALL.len())];
        let mut payload = as_documented(event_type);
        for (place, drift) in drifts {
            apply(&mut payload, place, drift);
        }
        (event_type, payload)
    })
}

/// A payload with every documented field.
pub(super) fn as_documented(event_type: EventType) -> Value {
    let mut event = Event::empty(event_type).expect("all services are on");
    object(event.record_mut().expect("a documented event"), 0)
}

fn object(record: &mut dyn Record, depth: usize) -> Value {
    let names = record.def().fields;
    let mut members = Map::new();
    record.slots(&mut |slots| {
        for (name, slot) in names.iter().zip(slots) {
            members.insert((*name).to_owned(), value(slot, depth + 1));
        }
    });
    Value::Object(members)
}

fn value(slot: &mut Slot<'_>, depth: usize) -> Value {
    match slot {
        Slot::String(_) => json!("text"),
        Slot::Int(_) => json!(depth),
        Slot::Float(_) => json!(0.5),
        Slot::Bool(_) => json!(true),
        Slot::Json(_) => json!({ "anything": [1, null] }),
        Slot::StringOrObject(_) if depth.is_multiple_of(2) => json!("ou_1"),
        Slot::StringOrObject(_) => json!({ "open_id": "ou_1", "user_id": "7f3a" }),
        Slot::Map(map) => {
            let mut members = Map::new();
            map.entry("key", &mut |mut item| {
                members.insert("key".to_owned(), value(&mut item, depth));
            });
            Value::Object(members)
        }
        Slot::Enum(place) if place.is_int() => json!(1),
        Slot::Enum(_) => json!("a value that nobody listed"),
        Slot::Object(place) => object(place.insert_empty(), depth),
        Slot::List(list) => {
            let mut items = Vec::new();
            list.insert_empty();
            for _ in 0..2 {
                list.push(&mut |mut item| items.push(value(&mut item, depth)));
            }
            Value::Array(items)
        }
    }
}

/// Changes one value inside `payload`.
fn apply(payload: &mut Value, place: Index, drift: Drift) {
    let mut pointers = Vec::new();
    collect(payload, "", &mut pointers);
    if pointers.is_empty() {
        return;
    }
    let pointer = &pointers[place.index(pointers.len())];
    let Some(value) = payload.pointer_mut(pointer) else {
        return;
    };
    match drift {
        Drift::Null => *value = Value::Null,
        Drift::Retype(other) => *value = other,
        Drift::Wrap => *value = json!([value.take()]),
        Drift::Unknown(other) => {
            if let Value::Object(members) = value {
                members.insert("not~in/the docs".to_owned(), other);
            }
        }
        Drift::Drop => {
            let (parent, name) = pointer.rsplit_once('/').expect("a pointer has a slash");
            match payload.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    members.remove(&name.replace("~1", "/").replace("~0", "~"));
                }
                Some(Value::Array(items)) => {
                    items.pop();
                }
                _ => {}
            }
        }
    }
}

fn member(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// All pointers into `value` but the one to itself.
fn collect(value: &Value, path: &str, pointers: &mut Vec<String>) {
    if !path.is_empty() {
        pointers.push(path.to_owned());
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                collect(value, &member(path, name), pointers);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{path}/{index}"), pointers);
            }
        }
        _ => {}
    }
}

fn envelope(event_type: EventType, payload: &Value) -> String {
    let name = event_type.as_str();
    let mut payload = payload.clone();
    match event_type.protocol() {
        Protocol::V2 => json!({
            "schema": "2.0", "header": { "event_type": name }, "event": payload,
        }),
        Protocol::V1 => {
            // The name stands in the payload, and decides what all the rest means.
            payload["type"] = json!(name);
            json!({ "uuid": "1", "type": "event_callback", "event": payload })
        }
    }
    .to_string()
}

/// Where `after` differs from `before` without a report that says so.
fn lost(before: &Value, after: &Value, path: &str, reports: &[Report], lost: &mut Vec<String>) {
    let covers =
        |report: &Report| path == report.path || path.starts_with(&format!("{}/", report.path));
    if reports.iter().any(covers) {
        return;
    }
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, a) in a {
                let path = member(path, name);
                lost_in(a, b.get(name), &path, reports, lost);
            }
            let invented = b.keys().filter(|name| !a.contains_key(*name));
            lost.extend(invented.map(|name| member(path, name)));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                lost_in(a, Some(b), &format!("{path}/{index}"), reports, lost);
            }
        }
        // Items that could not be read are left out, each with a report.
        (Value::Array(a), Value::Array(b)) => {
            let out = |index: &usize| {
                let path = format!("{path}/{index}");
                let unreadable = |report: &Report| {
                    report.path == path && matches!(report.kind, ReportKind::Unreadable { .. })
                };
                reports.iter().any(unreadable)
            };
            if (0..a.len()).filter(out).count() + b.len() != a.len() {
                lost.push(path.to_owned());
            }
        }
        (a, b) if a == b => {}
        _ => lost.push(path.to_owned()),
    }
}

fn lost_in(a: &Value, b: Option<&Value>, path: &str, reports: &[Report], found: &mut Vec<String>) {
    match b {
        // Null and absent are the same.
        None if a.is_null() => {}
        None => lost(a, &Value::Null, path, reports, found),
        Some(b) => lost(a, b, path, reports, found),
    }
}

fn check(event_type: EventType, payload: &Value) -> Result<(), TestCaseError> {
    let json = envelope(event_type, payload);
    let read =
        Envelope::from_slice(json.as_bytes()).map_err(|e| TestCaseError::fail(e.to_string()))?;
    prop_assert_eq!(read.event.event_type(), Some(event_type));
    let members = Members::from_slice(json.as_bytes()).and_then(Members::into_envelope);
    let by_members = members.and_then(Envelope::read);
    prop_assert_eq!(&read, &by_members.expect("the same envelope"));

    let written = serde_json::to_value(&read).expect("events are JSON");
    let again = Envelope::from_slice(written.to_string().as_bytes()).expect("what we wrote");
    prop_assert_eq!(&again.event, &read.event);
    let unexplained = again
        .reports
        .iter()
        .find(|report| !matches!(report.kind, ReportKind::Converted { .. }));
    prop_assert!(unexplained.is_none(), "{:?}", unexplained);

    let sent: Value = serde_json::from_str(&json).expect("what we sent");
    let mut found = Vec::new();
    lost(
        &sent["event"],
        &written["event"],
        "",
        &read.reports,
        &mut found,
    );
    prop_assert!(
        found.is_empty(),
        "{:?} lost of {}; reports {:?}",
        found,
        json,
        read.reports
    );
    Ok(())
}

#[test]
fn every_event_reads_as_documented_without_a_report() {
    for event_type in EventType::ALL {
        let payload = as_documented(*event_type);
        let json = envelope(*event_type, &payload);
        let read = Envelope::from_slice(json.as_bytes()).expect("an envelope");
        assert_eq!(read.reports, [], "{event_type}");
        assert_eq!(read.event.event_type(), Some(*event_type));
    }
}

proptest! {
    #[test]
    fn no_event_is_lost_and_nothing_without_a_report((event_type, payload) in any_event()) {
        check(event_type, &payload)?;
    }
}
