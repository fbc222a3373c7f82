//! The two readers agree: the direct one and the one that `serde_json` drives.
//!
//! `PROPTEST_CASES=100000 cargo test -p feishu-events agreement --release` compares them on more
//! texts.

#![cfg(feature = "all-services")]

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::properties::{any_event, as_documented};
use crate::event::envelope::Members;
use crate::json::read::{read_by_value, read_directly, read_with_serde};
use crate::json::scan::Scanner;
use crate::{Envelope, Event, EventType};

/// What stands in JSON, and what breaks it.
const PIECES: [&str; 52] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    " ",
    "\n",
    "\t",
    "\r",
    "\u{b}",
    "null",
    "true",
    "false",
    "nul",
    "0",
    "-0",
    "-",
    "00",
    "1",
    "-1",
    "1.5",
    "1.",
    ".5",
    "1e5",
    "1E+05",
    "1e400",
    "-1e-400",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "0.1000000000000000055",
    "\\n",
    "\\u0041",
    "\\u00e9",
    "\\ud83d",
    "\\ude00",
    "\\ud83d\\ude00",
    "\\u12",
    "\\x",
    "\u{0}",
    "\u{1f}",
    "é",
    "文",
    "😀",
    "\"a\":1,",
    "{\"a\":[]},",
];

/// How a text changes.
#[derive(Debug, Clone)]
enum Change {
    Insert(&'static str),
    Remove(usize),
    Replace(usize, &'static str),
    /// What stands there stands there twice.
    Repeat(usize),
    Cut,
}

fn any_change() -> impl Strategy<Value = Change> {
    let piece = || prop::sample::select(&PIECES[..]);
    prop_oneof![
        4 => piece().prop_map(Change::Insert),
        2 => (1usize..6).prop_map(Change::Remove),
        4 => (1usize..6, piece()).prop_map(|(length, piece)| Change::Replace(length, piece)),
        1 => (1usize..60).prop_map(Change::Repeat),
        1 => Just(Change::Cut),
    ]
}

fn changed(text: &str, place: Index, change: &Change) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = place.index(characters.len() + 1);
    let end = |length: usize| (at + length).min(characters.len());
    let (middle, behind) = match change {
        Change::Insert(piece) => ((*piece).to_owned(), at),
        Change::Remove(length) => (String::new(), end(*length)),
        Change::Replace(length, piece) => ((*piece).to_owned(), end(*length)),
        Change::Repeat(length) => (characters[at..end(*length)].iter().collect(), at),
        Change::Cut => (String::new(), characters.len()),
    };
    let before = characters[..at].iter().copied();
    let behind = characters[behind..].iter().copied();
    before.chain(middle.chars()).chain(behind).collect()
}

fn changed_by(text: &str, changes: &[(Index, Change)]) -> String {
    changes
        .iter()
        .fold(text.to_owned(), |text, (place, change)| {
            changed(&text, *place, change)
        })
}

/// The direct reader either leaves a payload to `serde_json` or has its answer.
fn payloads_agree(event_type: EventType, json: &str) -> Result<(), TestCaseError> {
    let [mut direct, mut serde] = [(); 2].map(|()| Event::empty(event_type).expect("a service"));
    let Some(by_us) = read_directly(direct.record_mut().expect("a payload"), json) else {
        return Ok(());
    };
    let by_serde = read_with_serde(serde.record_mut().expect("a payload"), json);
    let by_serde = by_serde.map_err(|e| TestCaseError::fail(format!("{json}: {e}")))?;
    // Written out, because floats compare as equal that are not.
    prop_assert_eq!(format!("{direct:?}"), format!("{serde:?}"), "{}", json);
    prop_assert_eq!(format!("{by_us:?}"), format!("{by_serde:?}"), "{}", json);
    Ok(())
}

/// What is read by way of a value is the same, but for the order of the reports.
fn values_agree(event_type: EventType, json: &str) -> Result<(), TestCaseError> {
    let [mut by_value, mut by_text] =
        [(); 2].map(|()| Event::empty(event_type).expect("a service"));
    let from_value = read_by_value(by_value.record_mut().expect("a payload"), json);
    let from_text = read_with_serde(by_text.record_mut().expect("a payload"), json);
    let [from_value, from_text] = [from_value, from_text].map(|met| {
        let mut reports = met.expect("an object").reports;
        reports.sort_by_key(|report| format!("{report:?}"));
        format!("{reports:?}")
    });
    prop_assert_eq!(format!("{by_value:?}"), format!("{by_text:?}"), "{}", json);
    prop_assert_eq!(from_value, from_text, "{}", json);
    Ok(())
}

/// What is skipped is JSON, and all of a value.
fn skipped_is_json(json: &str) -> Result<(), TestCaseError> {
    let mut scan = Scanner::new(json);
    let Ok(value) = scan.skip() else {
        return Ok(());
    };
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(value).is_ok();
    prop_assert!(is_json, "{json}");
    let is_whole = serde_json::from_str::<&serde_json::value::RawValue>(json).is_ok();
    prop_assert_eq!(scan.end().is_ok(), is_whole, "{}", json);
    Ok(())
}

/// An envelope has the same answer, or the same error, when its members are found first.
fn envelopes_agree(json: &str) -> Result<(), TestCaseError> {
    let in_one_pass = Envelope::from_slice(json.as_bytes());
    let members = Members::from_slice(json.as_bytes()).and_then(Members::into_envelope);
    let by_members = members.and_then(Envelope::read);
    let shown = |read: Result<Envelope, _>| match read {
        Ok(envelope) => format!("{envelope:?} {:?}", envelope.header.token),
        Err(error) => format!("{error:?}"),
    };
    prop_assert_eq!(shown(in_one_pass), shown(by_members), "{}", json);
    Ok(())
}

fn all_agree(event_type: EventType, payload: &str, envelope: &str) -> Result<(), TestCaseError> {
    payloads_agree(event_type, payload)?;
    skipped_is_json(payload)?;
    envelopes_agree(envelope)
}

fn envelope(event_type: EventType, payload: &str) -> String {
    let header = json!({
        "event_id": "5e37", "event_type": event_type.as_str(), "create_time": "1700000000000",
        "token": "a\u{e9}\n", "app_id": "cli_1", "tenant_key": null, "unknown": [1, { "a": "b" }],
        "user_list": [{ "open_id": "ou_1", "union_id": null }],
    });
    format!(r#"{{"schema":"2.0","header":{header},"event":{payload}}}"#)
}

#[test]
fn the_readers_agree_on_each_event_as_documented() {
    for event_type in EventType::ALL {
        let payload = as_documented(*event_type).to_string();
        let mut direct = Event::empty(*event_type).expect("all services are on");
        let record = direct.record_mut().expect("a payload");
        assert!(read_directly(record, &payload).is_some(), "{event_type}");
        all_agree(*event_type, &payload, &envelope(*event_type, &payload)).unwrap();
        values_agree(*event_type, &payload).unwrap();
    }
}

#[test]
fn the_readers_agree_on_documented_samples() {
    let Some(docs) = std::env::var_os("FEISHU_DOCS") else {
        println!("SKIPPED: FEISHU_DOCS names no folder with samples.jsonl");
        return;
    };
    let file = std::path::Path::new(&docs).join("samples.jsonl");
    let text = std::fs::read_to_string(file).expect("the samples");
    for line in text.lines() {
        let sample: Value = serde_json::from_str(line).expect("a sample");
        let body = sample["body"].to_string();
        envelopes_agree(&body).unwrap();
        if let Ok(Some(event_type)) =
            Envelope::from_slice(body.as_bytes()).map(|it| it.event.event_type())
        {
            payloads_agree(event_type, &sample["body"]["event"].to_string()).unwrap();
        }
    }
}

#[test]
fn deep_and_large_values_are_left_to_serde_or_read_alike() {
    let event_type = EventType::ContactUserCreatedV3;
    for depth in [1, 50, 58, 59, 60, 61, 70, 126, 127, 128, 5000] {
        for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
            let value = open.repeat(depth) + "1" + &close.repeat(depth);
            let payload = format!(r#"{{"object":{{"name":{value},"new":{value}}}}}"#);
            all_agree(event_type, &payload, &envelope(event_type, &payload)).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn the_readers_agree_on_what_drifted((event_type, payload) in any_event()) {
        let payload = payload.to_string();
        all_agree(event_type, &payload, &envelope(event_type, &payload))?;
        values_agree(event_type, &payload)?;
    }

    #[test]
    fn the_readers_agree_on_what_is_broken(
        (event_type, payload) in any_event(),
        changes in prop::collection::vec((any::<Index>(), any_change()), 1..4),
    ) {
        let payload = payload.to_string();
        let whole = changed_by(&envelope(event_type, &payload), &changes);
        all_agree(event_type, &changed_by(&payload, &changes), &whole)?;
    }
}
