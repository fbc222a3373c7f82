//! The time for an answer, when the platform does not read answers for a while.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::client;
use super::platform::{Platform, data};
use crate::delivery::DeliveryOptions;
use crate::long_connection::session::frame::{Frame, key};
use crate::{State, dispatcher, feishu_handler};

const STALLED: Duration = Duration::from_secs(5);

/// Is slow after the platform has begun to read.
#[feishu_handler("test.late_v1", payload = Value)]
async fn on_late(_: Value, State(begun): State<Instant>) {
    if begun.elapsed() >= STALLED {
        sleep(Duration::from_secs(60)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_place_counts_as_time_for_the_answer() {
    let (platform, mut peers) = Platform::good();
    let (builder, _told) = client(&platform);
    let builder = builder
        .dispatcher(dispatcher![on_late].state(Instant::now()))
        .delivery(DeliveryOptions::new().concurrency_limit(1).queue_limit(0))
        .probe_after(None)
        .silence_margin(Duration::from_secs(60 * 60));
    tokio::spawn(builder.build().unwrap().run());
    let (mut sink, mut stream) = peers.recv().await.unwrap().socket.split();
    tokio::spawn(async move {
        for number in 0..6000 {
            let id = number.to_string();
            let header = json!({ "event_id": id, "event_type": "test.late_v1" });
            let envelope = json!({ "schema": "2.0", "header": header, "event": {} });
            let frame = data(&id, &envelope).encode();
            sink.send(Message::Binary(frame)).await.unwrap();
        }
    });
    // Until all that lies between is full, and one event waits for its place.
    sleep(STALLED).await;
    let mut longest = 0;
    let read = async {
        while let Some(message) = stream.next().await {
            let Ok(Message::Binary(message)) = message else {
                break;
            };
            longest = longest.max(took(message));
        }
    };
    drop(timeout(Duration::from_secs(20), read).await);
    // It is answered at once, and not after 2.5 s more.
    assert_eq!(longest, 5000);
}

/// How long an answer took, in milliseconds.
fn took(message: Bytes) -> u64 {
    let frame = Frame::decode(message).unwrap();
    let took = frame.header(key::BIZ_RT);
    took.map_or(0, |took| took.parse().unwrap())
}
