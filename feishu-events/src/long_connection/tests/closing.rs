//! The platform closes the connection while answers are due.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::client;
use super::platform::{Peer, Platform, answered, event};
use crate::delivery::DeliveryOptions;
use crate::long_connection::session::frame::{Frame, Kind};
use crate::long_connection::status::Status;

const SAID: &str = "the platform closed the connection (code 1001): moving house";

async fn close(peer: &mut Peer) {
    let bye = CloseFrame {
        code: CloseCode::Away,
        reason: "moving house".into(),
    };
    peer.socket.send(Message::Close(Some(bye))).await.unwrap();
}

/// The answers that come until the client says that it closes the connection, and the code that it
/// says.
async fn rest(peer: &mut Peer) -> (Vec<String>, Option<CloseCode>) {
    let mut answers = Vec::new();
    while let Some(Ok(message)) = peer.socket.next().await {
        match message {
            Message::Binary(bytes) => {
                let frame = Frame::decode(bytes).unwrap();
                if frame.kind() == Kind::Event {
                    answers.push(answered(&frame).0);
                }
            }
            Message::Close(bye) => return (answers, bye.map(|bye| bye.code)),
            _ => {}
        }
    }
    (answers, None)
}

fn failure(status: &Status) -> String {
    status.last_failure.as_ref().unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn its_words_are_reported_and_the_answers_are_sent_whenever_it_closes() {
    for handling in [0, 1, 2, 5, 10, 100, 1000, 2000] {
        for later in [0, 1, 2, 5, 10, 100] {
            let (platform, mut peers) = Platform::good();
            let (builder, _seen) = client(&platform);
            let connection = builder.build().unwrap();
            let mut status = connection.status();
            let running = tokio::spawn(connection.run());
            let mut peer = peers.recv().await.unwrap();
            for id in ["a", "b", "c"] {
                peer.send(event(id, &json!({ "wait_ms": handling }))).await;
            }
            sleep(Duration::from_millis(later)).await;
            close(&mut peer).await;
            let (mut answers, bye) = rest(&mut peer).await;
            answers.sort();
            let when = format!("{handling} ms, closed after {later} ms");
            assert_eq!(answers, ["m-a", "m-b", "m-c"], "{when}");
            assert_eq!(bye, Some(CloseCode::Away), "{when}");
            let lost = status.wait_for(|status| status.last_failure.is_some());
            assert_eq!(failure(&lost.await.unwrap()), SAID, "{when}");
            running.abort();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_client_connects_again_while_a_handler_is_still_running() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    tokio::spawn(builder.build().unwrap().run());
    let mut peer = peers.recv().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    peer.send(event("slow", &json!({ "wait_ms": 2500 }))).await;
    assert_eq!(calls.recv().await.as_deref(), Some("slow begins"));
    close(&mut peer).await;
    let closed = Instant::now();
    let mut next = peers.recv().await.unwrap();
    assert!(closed.elapsed() <= Duration::from_secs(2));
    // Over the first connection, which the event came over.
    let (answers, _) = rest(&mut peer).await;
    assert_eq!(answers, ["m-slow"]);
    next.send(event("next", &json!({}))).await;
    assert_eq!(answered(&next.answer().await.unwrap()).0, "m-next");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_an_answer_that_is_too_late() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let patient = DeliveryOptions::new().answer_within(Duration::from_secs(60));
    let builder = builder.delivery(patient);
    tokio::spawn(builder.build().unwrap().run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("slow", &json!({ "wait_ms": 60_000 })))
        .await;
    close(&mut peer).await;
    let closed = Instant::now();
    let (answers, bye) = rest(&mut peer).await;
    assert_eq!((answers.len(), bye), (0, Some(CloseCode::Away)));
    assert!(
        closed.elapsed() <= Duration::from_secs(4),
        "{:?}",
        closed.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_the_platform_only_ends_takes_answers_too() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder.build().unwrap();
    let mut status = connection.status();
    tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("slow", &json!({ "wait_ms": 500 }))).await;
    assert_eq!(calls.recv().await.as_deref(), Some("slow begins"));
    peer.socket.get_mut().shutdown().await.unwrap();
    let (answers, _) = rest(&mut peer).await;
    assert_eq!(answers, ["m-slow"]);
    let lost = status
        .wait_for(|status| status.last_failure.is_some())
        .await;
    let failure = failure(&lost.unwrap());
    assert!(failure.starts_with("the connection broke: "), "{failure}");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_after_the_closing_still_sends_the_answers() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder.build().unwrap();
    let (shut_down, signal) = oneshot::channel::<()>();
    let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("slow", &json!({ "wait_ms": 1500 }))).await;
    assert_eq!(calls.recv().await.as_deref(), Some("slow begins"));
    close(&mut peer).await;
    sleep(Duration::from_millis(10)).await;
    drop(shut_down);
    let (answers, bye) = rest(&mut peer).await;
    assert_eq!(answers, ["m-slow"]);
    assert_eq!(bye, Some(CloseCode::Away));
    let stopped = run.await.unwrap().unwrap();
    assert_eq!(
        (stopped.drained.finished, stopped.drained.cut_off.len()),
        (1, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_closing_that_comes_while_shutting_down_loses_no_answer() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder.build().unwrap();
    let (shut_down, signal) = oneshot::channel::<()>();
    let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("slow", &json!({ "wait_ms": 1500 }))).await;
    assert_eq!(calls.recv().await.as_deref(), Some("slow begins"));
    drop(shut_down);
    sleep(Duration::from_millis(10)).await;
    close(&mut peer).await;
    let (answers, bye) = rest(&mut peer).await;
    assert_eq!(answers, ["m-slow"]);
    assert_eq!(bye, Some(CloseCode::Away));
    assert!(!run.await.unwrap().unwrap().closed);
}

#[tokio::test(start_paused = true)]
async fn its_words_are_reported_even_if_nothing_can_be_written_any_more() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder.build().unwrap();
    let mut status = connection.status();
    tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("a", &json!({}))).await;
    close(&mut peer).await;
    // At once, so that the answer meets nobody.
    drop(peer);
    assert_eq!(calls.recv().await.as_deref(), Some("a"));
    let lost = status
        .wait_for(|status| status.last_failure.is_some())
        .await;
    assert_eq!(failure(&lost.unwrap()), SAID);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_sends_pings_and_reads_nothing_is_replaced() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let connection = builder.build().unwrap();
    let status = connection.status();
    tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    let begun = Instant::now();
    let flood = tokio::spawn(async move {
        while peer
            .socket
            .send(Message::Ping(vec![b'x'; 125].into()))
            .await
            .is_ok()
        {
            sleep(Duration::from_micros(100)).await;
        }
    });
    let _next = peers.recv().await.unwrap();
    // One step's limit after the buffers between are full.
    let took = begun.elapsed();
    assert!(
        took > Duration::from_secs(10) && took < Duration::from_secs(20),
        "{took:?}"
    );
    let status = status.borrow().clone();
    assert_eq!(
        failure(&status),
        "sending (the long connection) took too long"
    );
    flood.await.unwrap();
}
