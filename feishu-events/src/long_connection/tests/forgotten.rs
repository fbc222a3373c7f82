//! A gateway that lives, in front of a platform that has forgotten the connection.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, timeout};

use super::client;
use super::platform::{Peer, Platform, pong};
use crate::long_connection::session::frame::Kind;

/// Answers this many of the platform's pings, and all of the WebSocket's.
async fn answer(mut peer: Peer, mut pongs: usize) {
    while let Some(frame) = peer.next().await {
        if frame.kind() == Kind::Ping && pongs > 0 {
            pongs -= 1;
            peer.send(pong("")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_pings_are_no_longer_answered_is_replaced() {
    let (platform, mut peers) = Platform::good();
    let platform = platform.config(json!({ "PingInterval": 50 }));
    let (builder, _told) = client(&platform);
    let connection = builder.build().unwrap();
    let status = connection.status();
    tokio::spawn(connection.run());
    // At 0, 50, 100 and 150 s.
    tokio::spawn(answer(peers.recv().await.unwrap(), 4));
    let begun = Instant::now();
    let next = timeout(Duration::from_secs(60 * 60), peers.recv()).await;
    let _next = next.expect("the connection is never replaced").unwrap();
    // Three intervals and the margin after the last pong.
    assert_eq!(begun.elapsed().as_secs(), 310);
    let failure = status.borrow().last_failure.clone().unwrap().to_string();
    assert_eq!(
        failure,
        "no frame for 160s, not even an answer to the pings of the platform's protocol, while \
         the WebSocket was alive: the platform had forgotten the connection"
    );
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_answers_no_ping_at_all_is_borne() {
    let (platform, mut peers) = Platform::good();
    let platform = platform.config(json!({ "PingInterval": 50 }));
    let (builder, _told) = client(&platform);
    tokio::spawn(builder.build().unwrap().run());
    tokio::spawn(answer(peers.recv().await.unwrap(), 0));
    let next = timeout(Duration::from_secs(24 * 60 * 60), peers.recv()).await;
    assert!(next.is_err(), "a good connection was replaced");
}
