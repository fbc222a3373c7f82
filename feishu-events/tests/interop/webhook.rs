//! What we encrypt and sign, the official Python SDK accepts, and the other way round.
//!
//! Needs a `python3` (or `$PYTHON`) that can import `lark_oapi`; otherwise it is skipped.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::io::Write;
use std::process::{Command, Stdio};

use feishu_events::testing::EventRequest;
use feishu_events::{Envelope, EventType, Protocol, Webhook, dispatcher};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

const KEY: &str = "an invented encrypt key";
const TOKEN: &str = "an invented verification token";
const PEER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/peer.py");

/// The exit code with which the peer says that the SDK is not installed.
const NO_SDK: i32 = 77;

/// What the peer answers to these lines; `None` if there is no SDK.
fn ask(lines: &[Value]) -> Option<Vec<Value>> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let started = Command::new(&python)
        .args(["-W", "ignore", PEER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut peer) = started else {
        let _ = writeln!(std::io::stderr(), "skipped: {python} cannot be run");
        return None;
    };
    let mut stdin = peer.stdin.take().unwrap();
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let text = lines.join("\n");
    // A peer without SDK does not read; its exit code says so.
    let written = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = peer.wait_with_output().unwrap();
    if output.status.code() == Some(NO_SDK) {
        let _ = writeln!(
            std::io::stderr(),
            "skipped: PyPI's lark-oapi is not installed for {python}"
        );
        return None;
    }
    written.unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    let answers = String::from_utf8(output.stdout).unwrap();
    let lines = answers.lines().filter(|line| line.starts_with('{'));
    Some(
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

#[tokio::test]
async fn the_official_sdk_and_we_understand_each_other() {
    // Old cards' callbacks have no envelope, and the SDKs a receiver of their own for them.
    let all = EventType::ALL.iter();
    let all: Vec<&EventType> = all
        .filter(|it| **it != EventType::CardActionTriggerV1)
        .collect();
    let samples: Vec<EventRequest> = all
        .iter()
        .map(|event_type| EventRequest::from_sample(**event_type).unwrap())
        .map(|request| request.token(TOKEN).encrypt_key(KEY))
        .collect();
    let events: Vec<Value> = samples
        .iter()
        .zip(&all)
        .map(|(sample, event_type)| {
            let protocol = match event_type.protocol() {
                Protocol::V1 => "1.0",
                _ => "2.0",
            };
            json!({ "type": event_type.as_str(), "protocol": protocol, "plaintext": sample.json() })
        })
        .collect();
    let mut lines = vec![json!({ "key": KEY, "token": TOKEN, "events": events })];
    for sample in &samples {
        let (head, body) = sample.clone().into_http().into_parts();
        let headers: serde_json::Map<String, Value> = head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()))
            .collect();
        let body = std::str::from_utf8(&body).unwrap();
        lines.push(json!({ "headers": headers, "body": body }));
    }
    let Some(answers) = ask(&lines) else { return };
    assert_eq!(answers.len(), 2 * samples.len());
    let (theirs, requests) = answers.split_at(samples.len());

    for ((sample, answer), event_type) in samples.iter().zip(theirs).zip(&all) {
        assert_eq!(answer["status"], 200, "{event_type}: {answer}");
        let id = Envelope::from_slice(sample.json().as_bytes()).unwrap();
        let id = id.header.event_id;
        assert_eq!(answer["got"], json!([id]), "{event_type}");
    }

    let webhook = Webhook::builder(dispatcher![])
        .encrypt_key(KEY)
        .verification_token(TOKEN)
        .build()
        .unwrap();
    for request in requests {
        let headers: HeaderMap = request["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (
                    name,
                    HeaderValue::from_str(value.as_str().unwrap()).unwrap(),
                )
            })
            .collect();
        let body = request["body"].as_str().unwrap();
        let response = webhook.handle(&headers, body.as_bytes()).await;
        assert_eq!(response.status(), 200);
    }
    let received: u64 = webhook.unhandled().values().sum();
    assert_eq!(received, u64::try_from(samples.len()).unwrap());
    eprintln!("{} events each way", samples.len());
}
