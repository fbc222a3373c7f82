//! `Drift` counts how what arrives differs from the documentation, and keeps no value.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::fs;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use feishu_events::{Dispatcher, Drift, Event, contact, dispatcher, feishu_handler, im};
use serde_json::{Value, json};

#[feishu_handler("contact.department.updated_v3")]
fn on_updated(event: &contact::DepartmentUpdatedV3) {
    drop(event.clone());
}

/// As any event, which is read by another way.
#[feishu_handler("im.message.receive_v1", "im.message.recalled_v1")]
fn on_messages(event: &Event) {
    drop(event.clone());
}

fn counting() -> (Dispatcher, Drift) {
    let drift = Drift::new();
    let dispatcher: Dispatcher = dispatcher![on_updated, on_messages];
    (dispatcher.drift(&drift), drift)
}

fn send(dispatcher: &Dispatcher, event_type: &str, payload: &Value) {
    let envelope = json!({
        "schema": "2.0",
        "header": { "event_id": "5e37", "event_type": event_type, "tenant_key": "736588c9260f175d" },
        "event": payload,
    });
    let bytes = envelope.to_string();
    let mut future = pin!(dispatcher.dispatch(bytes.as_bytes()));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(result) = future.as_mut().poll(&mut context) else {
        unreachable!("these handlers do not wait")
    };
    result.unwrap();
}

const DEPARTMENT: &str = "contact.department.updated_v3";
const MESSAGE: &str = "im.message.receive_v1";

fn written(drift: &Drift) -> Value {
    serde_json::from_str(&drift.to_json()).unwrap()
}

/// The differences of an event: place, kind, documented, came as, count.
fn differences(drift: &Drift, event_type: &str) -> Vec<String> {
    let file = written(drift);
    let list = file["events"][event_type]["differences"].as_array();
    let list = list.cloned().unwrap_or_default();
    let shown = list.iter().map(|it| {
        let text = |name: &str| it[name].as_str().unwrap_or("-").to_owned();
        let (place, kind, came_as) = (text("path"), text("kind"), text("came_as"));
        format!(
            "{place} {kind} {} {came_as} {}",
            text("documented"),
            it["count"]
        )
    });
    shown.collect()
}

#[test]
fn what_differs_is_counted_once_an_event_at_a_place_without_numbers() {
    let (dispatcher, drift) = counting();
    for index in 0..3 {
        let secret = format!("Secret-{index}");
        let payload = json!({ "object": {
            "name": { "en": secret },
            "order": "-4711",
            "colour": secret,
            "leaders": [{ "leaderID": "ou_1", "rank": 1 }, { "leaderID": "ou_2", "rank": 2 }],
            "leader_user_id": { "open_id": "ou_3", "user_id": "4d7a3c6g" },
            "shades": ["red", "blue"],
        } });
        send(&dispatcher, DEPARTMENT, &payload);
    }
    send(
        &dispatcher,
        DEPARTMENT,
        &json!({ "object": { "name": "Keepers" } }),
    );
    assert_eq!(
        differences(&drift, DEPARTMENT),
        [
            "/object/colour undocumented - string 3",
            "/object/shades undocumented - string[] 3",
            "/object/leader_user_id unreadable string user_id 3",
            "/object/leaders/-/rank undocumented - int 3",
            "/object/name unreadable string object 3",
            "/object/order converted int string 3",
        ]
    );
    assert_eq!(written(&drift)["events"][DEPARTMENT]["count"], 4);
    let text = drift.to_json();
    for value in [
        "Secret",
        "-4711",
        "ou_",
        "4d7a3c6g",
        "red",
        "5e37",
        "736588c9260f175d",
    ] {
        assert!(!text.contains(value), "{value} is in\n{text}");
    }
}

#[test]
fn a_value_that_is_not_listed_is_written_if_it_is_a_word_that_many_events_had() {
    let (dispatcher, drift) = counting();
    let send = |kind: &str, times: u32| {
        for _ in 0..times {
            send(
                &dispatcher,
                MESSAGE,
                &json!({ "message": { "chat_type": kind } }),
            );
        }
    };
    send("group", 5);
    send("circle_of_friends", 19);
    let unlisted = ["/message/chat_type unlisted string string 19"];
    assert_eq!(differences(&drift, MESSAGE), unlisted);
    assert!(!drift.to_json().contains("circle"));
    send("circle_of_friends", 1);
    send("Secret", 40);
    send("zhang san", 40);
    let words = &written(&drift)["events"][MESSAGE]["differences"][0]["words"];
    assert_eq!(*words, json!({ "circle_of_friends": 20 }));
    assert!(!drift.to_json().contains("Secret") && !drift.to_json().contains("zhang"));
}

#[test]
fn a_field_with_a_scope_that_is_always_absent_is_counted() {
    let (dispatcher, drift) = counting();
    for _ in 0..1000 {
        let payload = json!({ "object": { "name": "Keepers", "leaders": [{}] } });
        send(&dispatcher, DEPARTMENT, &payload);
    }
    send(&dispatcher, DEPARTMENT, &json!({}));
    let file = written(&drift);
    let absent = file["events"][DEPARTMENT]["absent"].as_array().unwrap();
    let of = |path: &str| absent.iter().find(|it| it["path"] == path).unwrap().clone();
    let (name, id) = (of("/object/name"), of("/object/leaders/-/leaderID"));
    assert_eq!(name["absent"], 0);
    assert_eq!(id["absent"], id["looked_at"]);
    // Each of the first events, and some of the later ones.
    assert_eq!(name["looked_at"], 64 + 1000 / 256);
    assert_eq!(file["events"][DEPARTMENT]["count"], 1001);
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_later_process_continues_and_its_file_is_there_at_once() {
    let folder = folder("drift-continues");
    let file = folder.join("drift.json");
    for _ in 0..3 {
        let drift = Drift::continuing(&file).unwrap();
        let dispatcher: Dispatcher = dispatcher![on_updated];
        let dispatcher = dispatcher.drift(&drift);
        for _ in 0..2 {
            send(
                &dispatcher,
                DEPARTMENT,
                &json!({ "object": { "order": "1" } }),
            );
        }
        drift.write(&file).unwrap();
    }
    let drift = Drift::continuing(&file).unwrap();
    assert_eq!(
        differences(&drift, DEPARTMENT),
        ["/object/order converted int string 6"]
    );
    assert_eq!(written(&drift)["events"][DEPARTMENT]["count"], 6);
    assert_eq!(drift.to_json(), fs::read_to_string(&file).unwrap());
    let left: Vec<_> = fs::read_dir(&folder).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing but the file is left");
    assert!(
        drift
            .write(folder.join("missing").join("drift.json"))
            .is_err()
    );
}

#[test]
fn a_file_that_is_none_is_an_error_that_says_what_is_wrong() {
    let file = folder("drift-faults").join("drift.json");
    let good = json!({ "format": "feishu-events drift", "version": 1,
        "events": { "a.b_v1": { "count": 1, "differences": [{ "path": "/a", "kind": "unlisted",
            "came_as": "string", "count": 1, "first": 1, "last": 1 }] } },
        "left_out": { "events": 0, "places": 0, "names": 0, "words": 0 } });
    fs::write(&file, good.to_string()).unwrap();
    Drift::continuing(&file).unwrap();
    let entry = "/events/a.b_v1/differences/0";
    for (pointer, wrong, problem) in [
        (
            "/format",
            json!("x"),
            "/format is not \"feishu-events drift\"",
        ),
        (
            "/version",
            json!(2),
            "/version is 2; this program reads version 1",
        ),
        (
            "/events/a.b_v1/count",
            json!(-1),
            "/events/a.b_v1/count is not an unsigned integer",
        ),
        (
            &*format!("{entry}/kind"),
            json!("odd"),
            "differences/0/kind is not a kind of difference",
        ),
        (
            &*format!("{entry}/path"),
            json!(7),
            "differences/0/path is not a string",
        ),
        ("/left_out", json!([]), "/left_out is not an object"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong;
        fs::write(&file, bad.to_string()).unwrap();
        let error = Drift::continuing(&file).unwrap_err().to_string();
        assert!(
            error.contains(problem) && error.contains("drift.json"),
            "{error}"
        );
    }
    fs::write(&file, "{").unwrap();
    assert!(
        Drift::continuing(&file)
            .unwrap_err()
            .to_string()
            .contains("is not JSON")
    );
}

#[test]
fn names_that_are_data_are_not_written_and_memory_is_bounded() {
    let (dispatcher, drift) = counting();
    for index in 0..200_u8 {
        let letters = format!(
            "{}{}",
            char::from(b'a' + index / 26),
            char::from(b'a' + index % 26)
        );
        let payload = json!({ "object": {
            format!("ou_84aad35d084aa403a838cf{index:04}"): 1,
            format!("zhang{letters}"): 1,
            "张三": { "x": 1 },
            "name": "x".repeat(1000),
        } });
        send(&dispatcher, DEPARTMENT, &payload);
    }
    // A single event of thousands of names.
    let many: serde_json::Map<String, Value> = (0..5000)
        .map(|index| (format!("n{index}"), json!(index)))
        .collect();
    send(
        &dispatcher,
        MESSAGE,
        &json!({ "message": many, "sender": {} }),
    );
    let file = written(&drift);
    assert_eq!(
        differences(&drift, DEPARTMENT),
        [
            "/object/* undocumented - int 200",
            "/object/* undocumented - object 200"
        ]
    );
    assert_eq!(file["events"][DEPARTMENT]["data"], json!(["/object"]));
    let text = drift.to_json();
    assert!(
        !text.contains("ou_") && !text.contains("zhang") && !text.contains("张"),
        "{text}"
    );
    assert!(file["left_out"]["names"].as_u64().unwrap() > 400, "{text}");
    assert!(text.len() < 10_000, "{}", text.len());
}

#[test]
fn handlers_behind_a_layer_and_merged_ones_are_counted_too() {
    #[feishu_handler("im.chat.disbanded_v1")]
    fn on_disbanded(event: &im::ChatDisbandedV1) {
        drop(event.clone());
    }
    let layer = || tower::timeout::TimeoutLayer::new(std::time::Duration::from_secs(1));
    let drift = Drift::new();
    let first: Dispatcher = dispatcher![on_updated];
    let second: Dispatcher = dispatcher![on_disbanded];
    let dispatcher = first.layer(layer()).drift(&drift).merge(second).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        for event_type in [DEPARTMENT, "im.chat.disbanded_v1"] {
            let envelope = json!({ "schema": "2.0", "header": { "event_type": event_type },
                "event": { "colour": 1 } });
            dispatcher
                .dispatch(envelope.to_string().as_bytes())
                .await
                .unwrap();
        }
    });
    assert_eq!(
        differences(&drift, DEPARTMENT),
        ["/colour undocumented - int 1"]
    );
    // The other one is not counted: it was merged after.
    assert!(differences(&drift, "im.chat.disbanded_v1").is_empty());
}
