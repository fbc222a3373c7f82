//! A client that does not read for a while, because its answers are not read.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::oneshot;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;

use super::client;
use super::platform::{Platform, event, pong};
use crate::delivery::DeliveryOptions;

/// The platform does not read answers for a minute, while it sends pongs and events on.
#[tokio::test(start_paused = true)]
async fn a_live_connection_is_not_taken_for_dead_while_nobody_reads_it() {
    let (platform, mut peers) = Platform::good();
    let (builder, _told) = client(&platform);
    let connection = builder
        .delivery(DeliveryOptions::new().concurrency_limit(1).queue_limit(0))
        .step_limit(Duration::from_secs(3600))
        .build()
        .unwrap();
    let status = connection.status();
    tokio::spawn(connection.run());
    let (mut sink, mut stream) = peers.recv().await.unwrap().socket.split();
    let (read_on, reads) = oneshot::channel::<()>();
    tokio::spawn(async move {
        drop(reads.await);
        while stream.next().await.is_some() {}
    });
    tokio::spawn(async move {
        let pong = Message::Binary(pong("").encode());
        sink.send(pong.clone()).await.unwrap();
        for number in 0..6000 {
            let frame = event(&number.to_string(), &json!({})).encode();
            sink.send(Message::Binary(frame)).await.unwrap();
        }
        loop {
            sink.send(pong.clone()).await.unwrap();
            sleep(Duration::from_secs(1)).await;
        }
    });
    sleep(Duration::from_secs(60)).await;
    let taken = status.borrow().events;
    assert!(taken < 6000, "nobody was held up");
    drop(read_on);
    sleep(Duration::from_secs(60)).await;
    let status = status.borrow().clone();
    assert!(status.last_failure.is_none(), "{:?}", status.last_failure);
    assert_eq!((status.connections, status.events), (1, 6000));
}
