//! The end of a connection, on purpose.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::client;
use super::platform::{Platform, Reply, answered, event};
use crate::long_connection::session::frame::Kind;
use crate::long_connection::status::{ConnectionState, Status};

#[tokio::test(start_paused = true)]
async fn a_shutdown_lets_events_end_sends_their_answers_and_closes() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder.build().unwrap();
    let status = connection.status();
    let (shut_down, signal) = oneshot::channel::<()>();
    let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("slow", &json!({ "wait_ms": 2000 }))).await;
    assert_eq!(calls.recv().await.as_deref(), Some("slow begins"));
    drop(shut_down);
    sleep(Duration::from_millis(10)).await;
    assert_eq!(status.borrow().state, ConnectionState::Draining);
    // It is refused, so that another instance gets it.
    peer.send(event("late", &json!({}))).await;
    let late = peer.answer().await.unwrap();
    assert_eq!(answered(&late), ("m-late".to_owned(), 500));
    let slow = peer.answer().await.unwrap();
    assert_eq!(answered(&slow), ("m-slow".to_owned(), 200));
    assert!(peer.answer().await.is_none(), "the connection is closed");
    drop(peer);
    let stopped = run.await.unwrap().unwrap();
    assert!(stopped.closed);
    assert_eq!(
        (stopped.drained.finished, stopped.drained.cut_off.len()),
        (1, 0)
    );
    assert_eq!((stopped.status.events, stopped.status.connections), (2, 1));
    assert_eq!(stopped.status.state, ConnectionState::Stopped);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_does_not_wait_for_ever() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder
        .drain_within(Duration::from_secs(5))
        .build()
        .unwrap();
    let (shut_down, signal) = oneshot::channel::<()>();
    let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("hangs", &json!({ "wait_ms": 1_000_000 })))
        .await;
    assert_eq!(calls.recv().await.as_deref(), Some("hangs begins"));
    let begun = Instant::now();
    drop(shut_down);
    // The platform says nothing more, not even to the closing.
    let stopped = run.await.unwrap().unwrap();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let cut_off = &stopped.drained.cut_off;
    assert_eq!(cut_off.len(), 1);
    assert_eq!(cut_off[0].event_id.as_deref(), Some("hangs"));
    // Its answer went out at the deadline.
    assert!(cut_off[0].acknowledged);
    let mut sent = Vec::new();
    while let Some(frame) = peer.next().await {
        sent.push(frame);
    }
    let answer = sent.iter().find(|frame| frame.kind() == Kind::Event);
    assert_eq!(answered(answer.unwrap()), ("m-hangs".to_owned(), 200));
}

#[tokio::test(start_paused = true)]
async fn an_end_that_nobody_asked_for_tells_what_it_cut_off() {
    let (platform, mut peers) = Platform::new(|attempt| match attempt {
        1 => Reply::Good(Vec::new()),
        _ => Reply::Endpoint(200, json!({ "code": 1_000_040_345, "msg": "wrong" })),
    });
    let (builder, mut calls) = client(&platform);
    let builder = builder
        .drain_within(Duration::from_secs(5))
        .retry_refusals_for(Duration::ZERO);
    let connection = builder.build().unwrap();
    let mut status = connection.status();
    let run = tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("ends", &json!({ "wait_ms": 4000 }))).await;
    peer.send(event("hangs", &endless())).await;
    for begun in ["ends begins", "hangs begins"] {
        assert_eq!(calls.recv().await.as_deref(), Some(begun));
    }
    drop(peer);
    let at_end = |status: &Status| {
        matches!(
            status.state,
            ConnectionState::Draining | ConnectionState::Stopped
        )
    };
    let state = status.wait_for(at_end).await.unwrap().state;
    assert_eq!(state, ConnectionState::Draining, "handlers still run");
    let drained = run.await.unwrap().unwrap_err().drained;
    assert_eq!(status.borrow().state, ConnectionState::Stopped);
    assert_eq!((drained.finished, drained.cut_off.len()), (1, 1));
    assert_eq!(drained.cut_off[0].event_id.as_deref(), Some("hangs"));
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_comes_at_any_time() {
    for plan in [Reply::Silence, Reply::Hangup] {
        let (platform, _peers) = Platform::new(move |_| plan.clone());
        let (builder, _told) = client(&platform);
        let connection = builder.build().unwrap();
        let begun = Instant::now();
        let stopped = connection.run_until(sleep(Duration::from_millis(20))).await;
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}");
        assert!(!stopped.unwrap().closed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_sends_on_and_hardly_reads_keeps_nobody_from_ending() {
    let (platform, mut peers) = Platform::good();
    let (builder, _told) = client(&platform);
    // So slow a reader must not be taken for dead.
    let patient = builder.silence_margin(Duration::from_secs(60 * 60));
    let connection = patient.probe_after(None).build().unwrap();
    let status = connection.status();
    let (shut_down, signal) = oneshot::channel::<()>();
    let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
    let (mut sink, mut stream) = peers.recv().await.unwrap().socket.split();
    tokio::spawn(async move {
        for number in 0_u64.. {
            let frame = event(&number.to_string(), &json!({})).encode();
            if sink.send(Message::Binary(frame)).await.is_err() {
                return;
            }
            sleep(Duration::from_millis(1)).await;
        }
    });
    // A message now and then, so that sending is slow, but never stuck.
    tokio::spawn(async move {
        while stream.next().await.is_some() {
            sleep(Duration::from_millis(4)).await;
        }
    });
    sleep(Duration::from_secs(60)).await;
    let failure = status.borrow().last_failure.clone();
    assert!(
        failure.is_none(),
        "the connection was replaced: {failure:?}"
    );
    let begun = Instant::now();
    drop(shut_down);
    let run = timeout(Duration::from_secs(300), run).await;
    let stopped = run.expect("it never ends").unwrap().unwrap();
    let took = begun.elapsed();
    // Whatever `drain_within` leaves, one step and the closing.
    assert!(took < Duration::from_secs(25), "{took:?}");
    assert!(!stopped.closed);
}

/// Waits until all that was running has ended.
async fn settled(before: usize) -> usize {
    for _ in 0..100 {
        if Handle::current().metrics().num_alive_tasks() <= before {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    Handle::current().metrics().num_alive_tasks()
}

/// What an event says that takes longer than any test.
fn endless() -> serde_json::Value {
    json!({ "wait_ms": 100_000_000 })
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_stops_everything_at_once() {
    let (platform, mut peers) = Platform::good();
    let (builder, mut calls) = client(&platform);
    let connection = builder.build().unwrap();
    let status = connection.status();
    let before = Handle::current().metrics().num_alive_tasks();
    let run = tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("e", &endless())).await;
    assert_eq!(calls.recv().await.as_deref(), Some("e begins"));
    assert!(Handle::current().metrics().num_alive_tasks() > before + 1);
    run.abort();
    run.await.unwrap_err();
    assert_eq!(status.borrow().state, ConnectionState::Stopped);
    // The handler is gone with the rest, and with it the last that could tell.
    assert_eq!(calls.recv().await, None);
    assert_eq!(settled(before).await, before);
    while let Some(frame) = peer.next().await {
        assert_eq!(frame.kind(), Kind::Ping, "{frame:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_starts_and_stops_leave_no_task_behind() {
    let (platform, mut peers) = Platform::good();
    let before = Handle::current().metrics().num_alive_tasks();
    for number in 0..1000 {
        let (builder, mut calls) = client(&platform);
        let connection = builder.drain_within(Duration::ZERO).build().unwrap();
        let (shut_down, signal) = oneshot::channel::<()>();
        let run = tokio::spawn(connection.run_until(async move { drop(signal.await) }));
        let mut peer = peers.recv().await.unwrap();
        peer.send(event("e", &endless())).await;
        assert_eq!(calls.recv().await.as_deref(), Some("e begins"));
        if number % 2 == 0 {
            run.abort();
        } else {
            drop(shut_down);
        }
        // Either is an end.
        drop(run.await);
    }
    assert_eq!(settled(before).await, before);
}
