//! Connections that open and die at once.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use super::client;
use super::platform::{Platform, Reply, pong};
use crate::long_connection::Reconnect;

#[tokio::test(start_paused = true)]
async fn they_are_opened_again_within_the_platforms_random_time() {
    for (nonce, least, most) in [(0, 10, 12), (2, 10, 20)] {
        let (platform, mut peers) = Platform::new(|attempt| match attempt {
            ..=10 => Reply::Good(Vec::new()),
            _ => Reply::Endpoint(200, json!({ "code": 1_000_040_345, "msg": "wrong" })),
        });
        let config = json!({ "ReconnectInterval": 120, "ReconnectNonce": nonce });
        let platform = platform.config(config);
        let (builder, _seen) = client(&platform);
        let begun = Instant::now();
        tokio::spawn(async move { while peers.recv().await.is_some() {} });
        let builder = builder.retry_refusals_for(Duration::ZERO);
        let Err(error) = builder.build().unwrap().run().await;
        let took = begun.elapsed().as_secs();
        assert!((least..=most).contains(&took), "{took}");
        assert_eq!(error.attempts, 11);
    }
}

#[tokio::test(start_paused = true)]
async fn each_is_an_attempt_that_failed() {
    let (platform, mut peers) = Platform::good();
    tokio::spawn(async move { while peers.recv().await.is_some() {} });
    let (builder, _told) = client(&platform);
    let builder = builder.reconnect(Reconnect::AtMost(3));
    let run = timeout(Duration::from_secs(60 * 60), builder.build().unwrap().run());
    let Err(error) = run.await.expect("it never gives up");
    assert_eq!((error.attempts, platform.attempts()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn those_that_receive_something_cost_a_second_each_however_young_they_die() {
    let (platform, mut peers) = Platform::good();
    // What the platform sends by default.
    let platform = platform.config(json!({ "ReconnectInterval": 120, "ReconnectNonce": 30 }));
    let (builder, _seen) = client(&platform);
    tokio::spawn(builder.build().unwrap().run());
    let mut offline = Duration::ZERO;
    let mut lost = None;
    for _ in 0..20 {
        let mut peer = peers.recv().await.unwrap();
        offline += lost.map_or(Duration::ZERO, |lost: Instant| lost.elapsed());
        peer.send(pong("{}")).await;
        sleep(Duration::from_secs(3)).await;
        lost = Some(Instant::now());
        drop(peer);
    }
    assert!(offline < Duration::from_secs(2 * 19), "{offline:?}");
    assert!(
        offline > Duration::from_secs(2),
        "all came at once: {offline:?}"
    );
}
