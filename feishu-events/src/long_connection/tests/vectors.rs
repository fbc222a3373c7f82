//! The official vectors, sent to a client frame by frame.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::SinkExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio::time::{advance, timeout};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::client;
use super::platform::{Peer, Platform, answered};
use crate::delivery::{DeliveryOptions, UnhandledPolicy};
use crate::long_connection::session::frame::{Frame, Kind, key};
use crate::long_connection::settings::ServerSettings;
use crate::long_connection::vectors::{messages, vectors};

#[tokio::test(start_paused = true)]
async fn every_vector_is_answered_as_given() {
    let Some(vectors) = vectors() else { return };
    let mut wrong = Vec::new();
    let mut held = 0;
    for vector in &vectors {
        if vector["direction"] != "server_to_client" {
            continue;
        }
        match check(vector).await {
            Ok(()) => held += 1,
            Err(problem) => wrong.push(format!("{} {}: {problem}", vector["id"], vector["title"])),
        }
    }
    assert!(wrong.is_empty(), "{held} held\n{}", wrong.join("\n"));
    // The rest goes from client to server, and is read only.
    assert_eq!(held, 69);
}

/// Sends a vector's frames to a client that is connected for the first time.
async fn check(vector: &Value) -> Result<(), String> {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    // The vectors presume a client that leaves out nothing and refuses what it does not know.
    let delivery = DeliveryOptions::new()
        .unhandled(UnhandledPolicy::Refuse)
        .without_dedupe();
    let connection = builder.delivery(delivery).build().unwrap();
    let status = connection.status();
    let run = tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    let before = status.borrow().settings;
    let messages = messages(vector);
    let mut sent = Vec::new();
    for step in vector["steps"].as_array().unwrap() {
        if let Some(seconds) = step["wait_s"].as_f64() {
            advance(Duration::from_secs_f64(seconds)).await;
            continue;
        }
        let index = usize::try_from(step["frame"].as_u64().unwrap()).unwrap();
        let bytes = Bytes::from(messages[index].clone());
        let message = if step["text_message"] == true {
            Message::Text(Utf8Bytes::try_from(bytes.clone()).unwrap())
        } else {
            Message::Binary(bytes.clone())
        };
        sent.extend(Frame::decode(bytes));
        peer.socket.send(message).await.unwrap();
        // In order of sending, each is handled before the next comes.
        quiet().await;
    }
    let answers = answers(&mut peer).await?;
    if status.borrow().connections != 1 || run.is_finished() {
        return Err("the connection was closed".to_owned());
    }
    run.abort();
    let settings = status.borrow().settings;
    compare(vector, &answers, &dispatched(&mut calls), before, settings)?;
    answers.iter().try_for_each(|answer| echoes(answer, &sent))
}

/// Lets everything that can happen now happen.
async fn quiet() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

/// What the client has answered.
async fn answers(peer: &mut Peer) -> Result<Vec<Frame>, String> {
    let mut answers = Vec::new();
    while let Ok(frame) = timeout(Duration::from_millis(100), peer.next()).await {
        let frame = frame.ok_or("the connection was closed")?;
        if frame.kind() != Kind::Ping {
            answers.push(frame);
        }
    }
    Ok(answers)
}

fn dispatched(calls: &mut mpsc::UnboundedReceiver<String>) -> Vec<String> {
    std::iter::from_fn(|| calls.try_recv().ok()).collect()
}

fn compare(
    vector: &Value,
    answers: &[Frame],
    dispatched: &[String],
    before: ServerSettings,
    settings: ServerSettings,
) -> Result<(), String> {
    let got = json!({
        "dispatch": dispatched,
        "acks": answers.iter().map(described).collect::<Vec<_>>(),
    });
    let mut expected = vector
        .get("safe_expected")
        .unwrap_or(&vector["expected"])
        .clone();
    if vector["id"] == "F-069" {
        // A part comes 6 s after the one before it: the vector lets a client drop the message or take
        // it whole. As the official client for Node, this one takes it, and answers it once.
        assert_eq!(vector["normative"], "no_crash");
        expected = json!({
            "dispatch": ["fe-45"],
            "acks": [{ "message_id": "m-45", "code": 200 }],
        });
    }
    if let Some(any) = vector.get("accept_any").and_then(Value::as_array) {
        let counts = json!({ "dispatch": dispatched.len(), "acks": answers.len() });
        return any
            .contains(&counts)
            .then_some(())
            .ok_or(format!("got {counts}"));
    }
    if got["dispatch"] != expected["dispatch"] || got["acks"] != expected["acks"] {
        return Err(format!("expected {expected}, got {got}"));
    }
    let mut wanted = before;
    wanted.merge(&expected["config"]);
    if vector["id"] == "F-008" {
        // Of a negative number the vector makes 0, or asks for no crash only; here it is ignored.
        assert_eq!(vector["normative"], "no_crash");
        wanted.reconnect_nonce = before.reconnect_nonce;
    }
    (settings == wanted)
        .then_some(())
        .ok_or(format!("expected {wanted:?}, got {settings:?}"))
}

/// An answer in the words of the vectors.
fn described(answer: &Frame) -> Value {
    let payload: Value = serde_json::from_slice(answer.payload.as_ref().unwrap()).unwrap();
    let mut described = json!({
        "message_id": answer.header(key::MESSAGE_ID),
        "code": answered(answer).1,
    });
    if let Some(data) = payload["data"].as_str() {
        let data = STANDARD.decode(data).unwrap();
        described["data"] = serde_json::from_slice(&data).unwrap();
    }
    described
}

/// Whether an answer is one of the frames, with another payload and one header more.
fn echoes(answer: &Frame, sent: &[Frame]) -> Result<(), String> {
    let (name, time) = answer.headers.iter().last().unwrap();
    assert_eq!(name, key::BIZ_RT);
    time.parse::<u64>().unwrap();
    let is_one = sent.iter().any(|frame| {
        let mut echo = frame.clone();
        echo.headers.push(name, time);
        echo.payload.clone_from(&answer.payload);
        echo == *answer
    });
    is_one
        .then_some(())
        .ok_or(format!("not echoed: {answer:?}"))
}
