//! What becomes of events, callbacks and of what is neither.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, timeout};

use super::client;
use super::platform::{Peer, Platform, Reply, answered, data, event, set, unmasked};
use crate::LongConnectionBuilder;
use crate::delivery::DeliveryOptions;
use crate::long_connection::session::frame::{Frame, Kind, key};

/// A client that is connected, the platform's end, and what the handlers see.
struct Online {
    peer: Peer,
    peers: UnboundedReceiver<Peer>,
    calls: UnboundedReceiver<String>,
}

async fn online(change: impl FnOnce(LongConnectionBuilder) -> LongConnectionBuilder) -> Online {
    let (platform, mut peers) = Platform::good();
    let (builder, calls) = client(&platform);
    tokio::spawn(change(builder).build().unwrap().run());
    let peer = peers.recv().await.unwrap();
    Online { peer, peers, calls }
}

impl Online {
    /// The messages of the next answers and their codes, in order of the messages.
    async fn answers(&mut self, count: usize) -> Vec<(String, u64)> {
        let mut answers = Vec::new();
        while answers.len() < count {
            let answer = timeout(Duration::from_secs(600), self.peer.answer()).await;
            answers.push(answered(&answer.expect("no answer").unwrap()));
        }
        answers.sort();
        answers
    }

    fn calls(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).collect()
    }
}

fn waits(milliseconds: u64) -> Value {
    json!({ "wait_ms": milliseconds })
}

#[tokio::test(start_paused = true)]
async fn what_comes_with_the_handshake_is_not_lost() {
    let events = (0..30).flat_map(|number| unmasked(event(&format!("e{number:02}"), &json!({}))));
    let events: Vec<u8> = events.collect();
    let (platform, mut peers) = Platform::new(move |_| Reply::Good(events.clone()));
    let (builder, calls) = client(&platform);
    tokio::spawn(builder.build().unwrap().run());
    let peer = peers.recv().await.unwrap();
    let mut online = Online { peer, peers, calls };
    let answers = online.answers(30).await;
    assert!(answers.iter().all(|(_, code)| *code == 200), "{answers:?}");
    assert_eq!(online.calls().len(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_slow_handler_holds_up_nobody_and_is_acknowledged_in_time() {
    let mut online = online(|builder| builder).await;
    let begun = Instant::now();
    online.peer.send(event("slow", &waits(60_000))).await;
    for number in 0..50 {
        let id = format!("fast{number}");
        online.peer.send(event(&id, &json!({}))).await;
    }
    for _ in 0..50 {
        let (id, code) = answered(&online.peer.answer().await.unwrap());
        assert!(id.starts_with("m-fast") && code == 200, "{id}: {code}");
    }
    assert!(begun.elapsed() < Duration::from_millis(100));
    let slow = online.peer.answer().await.unwrap();
    assert_eq!(answered(&slow), ("m-slow".to_owned(), 200));
    assert_eq!(slow.header(key::BIZ_RT), Some("2500"));
    assert!(begun.elapsed() < Duration::from_secs(3));
    online.calls();
    // It was acknowledged, and is done all the same.
    let idle = tokio::time::timeout(Duration::from_secs(60), online.peer.idle());
    drop(idle.await);
    assert_eq!(online.calls(), ["slow"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_acknowledged_as_one_and_handled_again() {
    let mut online = online(|builder| builder).await;
    online
        .peer
        .send(event("e", &json!({ "fails": true })))
        .await;
    assert_eq!(online.answers(1).await, [("m-e".to_owned(), 500)]);
    online.peer.send(event("e", &json!({}))).await;
    assert_eq!(online.answers(1).await, [("m-e".to_owned(), 200)]);
    // It succeeded, and is not handled again.
    online.peer.send(event("e", &json!({}))).await;
    assert_eq!(online.answers(1).await, [("m-e".to_owned(), 200)]);
    assert_eq!(online.calls(), ["e", "e"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_with_its_connection_costs_no_second_call() {
    let mut online = online(|builder| builder).await;
    online.peer.send(event("e", &waits(500))).await;
    assert_eq!(online.calls.recv().await.as_deref(), Some("e begins"));
    let Online {
        peer,
        mut peers,
        calls,
    } = online;
    drop(peer);
    let peer = peers.recv().await.unwrap();
    let mut online = Online { peer, peers, calls };
    drop(timeout(Duration::from_secs(15), online.peer.idle()).await);
    online.peer.send(event("e", &waits(500))).await;
    assert_eq!(online.answers(1).await, [("m-e".to_owned(), 200)]);
    assert_eq!(online.calls(), ["e"]);
}

#[tokio::test(start_paused = true)]
async fn more_events_than_places_are_refused_and_come_again() {
    let options = DeliveryOptions::new().concurrency_limit(2).queue_limit(1);
    let mut online = online(|builder| builder.delivery(options)).await;
    for number in 0..200 {
        let id = format!("e{number:03}");
        online.peer.send(event(&id, &waits(1000))).await;
    }
    let answers = online.answers(200).await;
    let handled: Vec<_> = answers.iter().filter(|(_, code)| *code == 200).collect();
    assert_eq!(handled.len(), 3, "{handled:?}");
    assert_eq!(answers.iter().filter(|(_, code)| *code == 500).count(), 197);
}

#[tokio::test(start_paused = true)]
async fn events_of_one_chat_are_handled_in_order_and_those_of_others_beside_them() {
    let mut online = online(LongConnectionBuilder::in_order).await;
    let begun = Instant::now();
    for (id, chat) in [
        ("a1", "a"),
        ("a2", "a"),
        ("b1", "b"),
        ("a3", "a"),
        ("b2", "b"),
    ] {
        // The later ones would be done first.
        let wait = if id.ends_with('1') { 600 } else { 300 };
        let payload = json!({ "wait_ms": wait, "message": { "chat_id": chat } });
        online.peer.send(event(id, &payload)).await;
    }
    let answers = online.answers(5).await;
    assert!(answers.iter().all(|(_, code)| *code == 200), "{answers:?}");
    let calls = online.calls();
    let of = |chat: char| {
        calls
            .iter()
            .filter(|id| id.starts_with(chat))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of('a'),
        ["a1 begins", "a1", "a2 begins", "a2", "a3 begins", "a3"]
    );
    assert_eq!(of('b'), ["b1 begins", "b1", "b2 begins", "b2"]);
    let took = begun.elapsed();
    assert!(
        took < Duration::from_millis(1300),
        "one after the other: {took:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_waits_too_long_for_its_turn_is_refused() {
    let by_tenant = |builder: LongConnectionBuilder| builder.order_by(|it| it.string_at(&["key"]));
    let mut online = online(by_tenant).await;
    for id in ["first", "second"] {
        let payload = json!({ "wait_ms": 4000, "key": "k" });
        online.peer.send(event(id, &payload)).await;
    }
    let expected = [("m-first".to_owned(), 200), ("m-second".to_owned(), 500)];
    assert_eq!(online.answers(2).await, expected);
    sleep(Duration::from_secs(15)).await;
    let payload = json!({ "wait_ms": 1000, "key": "k" });
    online.peer.send(event("second", &payload)).await;
    assert_eq!(online.answers(1).await, [("m-second".to_owned(), 200)]);
    assert_eq!(
        online.calls(),
        ["first begins", "first", "second begins", "second"]
    );
}

/// The response that is sent with the answer to a callback.
fn response(answer: &Frame) -> Value {
    use base64::Engine as _;

    let payload: Value = serde_json::from_slice(answer.payload.as_ref().unwrap()).unwrap();
    let data = payload["data"].as_str().unwrap();
    let json = base64::engine::general_purpose::STANDARD
        .decode(data)
        .unwrap();
    serde_json::from_slice(&json).unwrap()
}

#[tokio::test(start_paused = true)]
async fn callbacks_are_answered_with_their_response_in_either_kind_of_frame() {
    let mut online = online(|builder| builder).await;
    let click = |id: &str| {
        let header = json!({ "event_id": id, "event_type": "card.action.trigger" });
        let event = json!({ "token": "c-1", "action": { "tag": "button", "value": {} } });
        json!({ "schema": "2.0", "header": header, "event": event })
    };
    let as_event = data("e", &click("1"));
    let mut as_card = data("c", &click("2"));
    set(&mut as_card, key::TYPE, Kind::CARD);
    for frame in [as_event, as_card] {
        online.peer.send(frame).await;
        let answer = online.peer.answer().await.unwrap();
        assert_eq!(answered(&answer).1, 200);
        let toast = json!({ "toast": { "type": "info", "content": "ok" } });
        assert_eq!(response(&answer), toast);
    }
    let mut old = data(
        "o",
        &json!({ "token": "c-2", "action": { "tag": "button" } }),
    );
    set(&mut old, key::TYPE, Kind::CARD);
    online.peer.send(old).await;
    assert_eq!(online.answers(1).await, [("m-o".to_owned(), 200)]);
    assert_eq!(online.calls(), ["1", "2", "c-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_message_of_16_mib_is_taken_whole_and_in_parts() {
    let large = DeliveryOptions::new().event_size_limit(17 * 1024 * 1024);
    let mut online = online(|builder| builder.delivery(large)).await;
    let text = "漢".repeat(16 * 1024 * 1024 / 3 + 1);
    let whole = event("whole", &json!({ "text": text }));
    assert!(whole.payload.as_ref().unwrap().len() > 16 * 1024 * 1024);
    let mut parts = Vec::new();
    let payload = event("parts", &json!({ "text": text })).payload.unwrap();
    // Cut inside characters.
    let chunks: Vec<_> = payload.chunks(1_000_000).collect();
    for (seq, chunk) in chunks.iter().enumerate().rev() {
        let mut part = event("parts", &json!({}));
        part.payload = Some(Bytes::copy_from_slice(chunk));
        set(&mut part, key::SUM, &chunks.len().to_string());
        set(&mut part, key::SEQ, &seq.to_string());
        parts.push(part);
    }
    online.peer.send(whole).await;
    for part in parts {
        online.peer.send(part).await;
    }
    let expected = [("m-parts".to_owned(), 200), ("m-whole".to_owned(), 200)];
    assert_eq!(online.answers(2).await, expected);
}

#[tokio::test(start_paused = true)]
async fn what_makes_no_sense_costs_only_itself() {
    let mut online = online(|builder| builder).await;
    let good = event("e", &json!({})).encode();
    for length in 0..good.len() {
        let cut = good.slice(..length);
        // Between two fields, what is left is a frame, and gets its answer.
        if Frame::decode(cut.clone()).is_err() {
            online.peer.send_bytes(cut).await;
        }
    }
    let mut deep = event("deep", &json!({}));
    deep.payload = Some(Bytes::from("[".repeat(100_000)));
    online.peer.send(deep).await;
    online.peer.send(event("last", &json!({}))).await;
    let expected = [("m-deep".to_owned(), 500), ("m-last".to_owned(), 200)];
    assert_eq!(online.answers(2).await, expected);
    assert_eq!(online.calls(), ["last"]);
    assert!(online.peers.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn an_event_with_hundreds_of_headers_is_answered_with_all_of_them() {
    let mut online = online(|builder| builder).await;
    for count in [65, 1000] {
        let id = format!("e{count}");
        let mut frame = event(&id, &json!({}));
        let more = (0..count).map(|number| (format!("x-{number}"), "v"));
        frame.headers.extend(more);
        online.peer.send(frame.clone()).await;
        let answer = online.peer.answer().await.unwrap();
        assert_eq!(answered(&answer), (format!("m-{id}"), 200));
        let mut expected = frame.headers;
        expected.push(key::BIZ_RT, answer.header(key::BIZ_RT).unwrap());
        assert_eq!(answer.headers, expected);
        assert_eq!(online.calls(), [id]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_too_large_costs_its_connection_but_not_the_client() {
    let failures = Arc::new(Mutex::new(Vec::new()));
    let lost = Arc::clone(&failures);
    let mut online = online(|builder| {
        builder
            .delivery(DeliveryOptions::new().event_size_limit(1000))
            .on_disconnected(move |it| lost.lock().unwrap().push(it.failure.to_string()))
    })
    .await;
    let text = "x".repeat(100_000);
    online
        .peer
        .send(event("large", &json!({ "text": text })))
        .await;
    let Online {
        mut peers, calls, ..
    } = online;
    let peer = peers.recv().await.unwrap();
    let mut online = Online { peer, peers, calls };
    online.peer.send(event("e", &json!({}))).await;
    assert_eq!(online.answers(1).await, [("m-e".to_owned(), 200)]);
    assert_eq!(online.calls(), ["e"]);
    // Whose limit it was is said.
    let failures = failures.lock().unwrap();
    assert!(
        failures[0].ends_with("see `event_size_limit`"),
        "{failures:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn events_that_are_too_large_together_are_handled_one_after_the_other() {
    let mut online =
        online(|builder| builder.delivery(DeliveryOptions::new().memory_limit(10_000))).await;
    let begun = Instant::now();
    let large = json!({ "wait_ms": 1000, "text": "x".repeat(6_000) });
    for id in ["a", "b", "c"] {
        online.peer.send(event(id, &large)).await;
    }
    let answered = ["m-a", "m-b", "m-c"].map(|id| (id.to_owned(), 200));
    assert_eq!(online.answers(3).await, answered);
    assert_eq!(begun.elapsed(), Duration::from_secs(3));
    // Small ones have room beside each other.
    let small = waits(1000);
    for id in ["d", "e", "f"] {
        online.peer.send(event(id, &small)).await;
    }
    online.answers(3).await;
    assert_eq!(begun.elapsed(), Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn several_apps_live_side_by_side() {
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(online(|builder| builder).await);
    }
    for (number, online) in clients.iter_mut().enumerate() {
        let id = format!("e{number}");
        online.peer.send(event(&id, &json!({}))).await;
        assert_eq!(online.answers(1).await, [(format!("m-{id}"), 200)]);
        assert_eq!(online.calls(), [id]);
    }
    // The end of one is not the end of another.
    drop(clients.remove(0));
    clients[0].peer.send(event("last", &json!({}))).await;
    assert_eq!(clients[0].answers(1).await, [("m-last".to_owned(), 200)]);
}
