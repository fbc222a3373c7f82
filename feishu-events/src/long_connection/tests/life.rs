//! Connections come and go: what is noticed when, and what is done about it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep, timeout};

use super::platform::{Peer, Platform, Reply, pong};
use super::{LongConnection, client};
use crate::long_connection::failure::Step;
use crate::long_connection::session::frame::Kind;
use crate::long_connection::status::ConnectionState;
use crate::long_connection::{AtConnectionLimit, Failure, Reconnect};

const REFUSED: &str = "HTTP/1.1 400 -\r\ncontent-length: 0\r\nhandshake-status: 514\r\n\
                       handshake-autherrcode: 1000040350\r\nhandshake-msg: too many\r\n\r\n";

/// Runs a connection in a task of its own, which ends with the test.
fn spawn(connection: LongConnection) -> tokio::task::JoinHandle<String> {
    tokio::spawn(async move {
        let Err(error) = connection.run().await;
        error.to_string()
    })
}

/// The next connection, if there is one within two hours.
async fn next(peers: &mut UnboundedReceiver<Peer>) -> Peer {
    let next = timeout(Duration::from_secs(2 * 60 * 60), peers.recv()).await;
    next.expect("no connection came").unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_is_opened_again_at_once() {
    let (platform, mut peers) = Platform::good();
    let platform = platform.config(json!({ "PingInterval": 5, "ReconnectNonce": 0 }));
    let observed = Arc::new(Mutex::new(Vec::new()));
    let (connected, lost, again) = (observed.clone(), observed.clone(), observed.clone());
    let (builder, _seen) = client(&platform);
    let connection = builder
        .on_connected(move |it| {
            let offline_for = format!("{:?}", it.offline_for);
            connected.lock().unwrap().push(offline_for);
        })
        .on_disconnected(move |it| lost.lock().unwrap().push(it.failure.to_string()))
        .on_reconnecting(move |it| again.lock().unwrap().push(format!("{:?}", it.after)))
        .build()
        .unwrap();
    let status = connection.status();
    let run = spawn(connection);
    let mut peer = next(&mut peers).await;
    drop(timeout(Duration::from_secs(60), peer.idle()).await);
    let lost = Instant::now();
    drop(peer);
    let _second = next(&mut peers).await;
    assert!(
        lost.elapsed() < Duration::from_millis(10),
        "{:?}",
        lost.elapsed()
    );
    sleep(Duration::from_millis(10)).await;
    let status = status.borrow().clone();
    assert_eq!(
        (status.state, status.connections),
        (ConnectionState::Online, 2)
    );
    let observed = observed.lock().unwrap().clone();
    let expected = [
        "None",
        "the platform closed the connection",
        "0ns",
        "Some(0ns)",
    ];
    assert_eq!(observed.len(), 4, "{observed:?}");
    assert!(
        observed[1].starts_with("the connection broke") || observed[1] == expected[1],
        "{observed:?}"
    );
    assert_eq!(
        (observed[0].as_str(), observed[2].as_str()),
        (expected[0], expected[2])
    );
    assert!(!run.is_finished());
}

#[tokio::test(start_paused = true)]
async fn it_tries_again_for_ever_at_the_platforms_interval() {
    // A network that comes back after an hour; there is one attempt a second.
    let (platform, mut peers) = Platform::new(|attempt| match attempt {
        2..3600 => Reply::Hangup,
        _ => Reply::Good(Vec::new()),
    });
    let (builder, _seen) = client(&platform);
    let connection = builder.build().unwrap();
    let mut status = connection.status();
    let _run = spawn(connection);
    drop(next(&mut peers).await);
    let lost = Instant::now();
    let waiting = status
        .wait_for(|status| status.attempt == 3)
        .await
        .unwrap()
        .clone();
    assert_eq!(waiting.state, ConnectionState::Waiting);
    assert!(waiting.next_try.is_some() && waiting.online_since.is_none());
    let failure = waiting.last_failure.unwrap();
    assert!(
        matches!(
            *failure,
            Failure::Failed {
                step: Step::Endpoint,
                ..
            }
        ),
        "{failure}"
    );
    let _peer = next(&mut peers).await;
    let took = lost.elapsed().as_secs();
    assert!((3597..=3600).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_noticed_within_twenty_seconds() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let connection = builder.build().unwrap();
    let mut status = connection.status();
    let _run = spawn(connection);
    let mut peer = next(&mut peers).await;
    // The platform says that pings are rare, and then never says anything again.
    peer.send(pong(r#"{"PingInterval":3600}"#)).await;
    let silent = Instant::now();
    let _next = next(&mut peers).await;
    let noticed = silent.elapsed();
    assert!(noticed <= Duration::from_secs(21), "{noticed:?}");
    let status = status
        .wait_for(|status| status.connections == 2)
        .await
        .unwrap();
    assert_eq!(
        status.last_failure.as_ref().unwrap().to_string(),
        "no data for 20s, not even an answer to a ping: the connection was dead"
    );
}

#[tokio::test(start_paused = true)]
async fn without_probes_silence_is_noticed_after_interval_and_margin() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let margin = Duration::from_secs(3);
    let _run = spawn(
        builder
            .probe_after(None)
            .silence_margin(margin)
            .build()
            .unwrap(),
    );
    let _peer = next(&mut peers).await;
    let silent = Instant::now();
    let _next = next(&mut peers).await;
    // The interval is 5 s, and so short a connection is followed by jitter of up to 1 s.
    let noticed = silent.elapsed();
    let least = Duration::from_secs(8);
    assert!(
        (least..=least + Duration::from_millis(1100)).contains(&noticed),
        "{noticed:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_pong_is_enough_to_live() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let _run = spawn(builder.probe_after(None).build().unwrap());
    let mut peer = next(&mut peers).await;
    drop(timeout(Duration::from_secs(24 * 60 * 60), peer.idle()).await);
    assert!(peers.try_recv().is_err(), "a good connection was replaced");
}

#[tokio::test(start_paused = true)]
async fn whoever_is_patient_for_ever_is_patient() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let builder = builder
        .probe_after(Duration::MAX)
        .silence_margin(Duration::MAX)
        .step_limit(Duration::MAX)
        .drain_within(Duration::MAX);
    let run = spawn(builder.build().unwrap());
    // It says nothing for a day.
    let peer = next(&mut peers).await;
    sleep(Duration::from_secs(24 * 60 * 60)).await;
    assert!(peers.try_recv().is_err() && !run.is_finished());
    drop(peer);
    next(&mut peers).await;
}

/// How many pings come in a minute.
async fn pings_in_a_minute(peer: &mut Peer) -> usize {
    let mut pings = 0;
    let counting = async {
        while let Some(frame) = peer.next().await {
            pings += usize::from(frame.kind() == Kind::Ping);
            peer.send(pong("")).await;
        }
    };
    drop(timeout(Duration::from_secs(60), counting).await);
    pings
}

#[tokio::test(start_paused = true)]
async fn the_platform_sets_the_interval_of_pings_and_cannot_make_a_flood_of_them() {
    let (platform, mut peers) = Platform::good();
    let (builder, _seen) = client(&platform);
    let _run = spawn(builder.build().unwrap());
    let mut peer = next(&mut peers).await;
    assert_eq!(pings_in_a_minute(&mut peer).await, 12);
    peer.send(pong(r#"{"PingInterval":20}"#)).await;
    assert!((2..=3).contains(&pings_in_a_minute(&mut peer).await));
    let absurd = [
        r#"{"PingInterval":0}"#,
        r#"{"PingInterval":-1}"#,
        "{}",
        "oops",
        r#"{"PingInterval":null}"#,
    ];
    for payload in absurd {
        peer.send(pong(payload)).await;
        let pings = pings_in_a_minute(&mut peer).await;
        assert_eq!(pings, 3, "{payload}");
    }
    // Shorter again: the next ping does not wait for the old interval.
    peer.send(pong(r#"{"PingInterval":1}"#)).await;
    assert!((59..=61).contains(&pings_in_a_minute(&mut peer).await));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_heal_ends_with_what_to_do() {
    let (platform, _peers) = Platform::new(|attempt| match attempt {
        1 => Reply::Endpoint(200, json!({ "code": 1, "msg": "busy" })),
        2 => Reply::Endpoint(502, json!({})),
        _ => {
            let msg = "app_id or app_secret is invalid";
            Reply::Endpoint(
                200,
                json!({ "code": 1_000_040_345, "msg": msg, "data": {} }),
            )
        }
    });
    let (builder, _seen) = client(&platform);
    let connection = builder.build().unwrap();
    let status = connection.status();
    let Err(error) = connection.run().await;
    assert_eq!(
        error.to_string(),
        "the long connection of app cli_x has ended: the app id or the app secret is wrong: \
         compare both with the developer console of open.test (Credentials & Basic Info) (code \
         1000040345: app_id or app_secret is invalid)"
    );
    assert_eq!(error.attempts, 3);
    assert_eq!(status.borrow().state, ConnectionState::Stopped);
}

#[tokio::test(start_paused = true)]
async fn the_number_of_attempts_can_be_limited() {
    let (platform, _peers) = Platform::new(|_| Reply::Endpoint(503, json!({})));
    let (builder, _seen) = client(&platform);
    let Err(error) = builder
        .reconnect(Reconnect::AtMost(4))
        .build()
        .unwrap()
        .run()
        .await;
    assert_eq!(
        error.to_string(),
        "the long connection of app cli_x has ended after 4 attempts: open.test answered the \
         request for an address with the HTTP status 503"
    );
    assert_eq!(platform.attempts(), 4);
}

#[tokio::test(start_paused = true)]
async fn too_many_connections_are_waited_for_or_not() {
    let plan = |attempt| match attempt {
        1..10 => Reply::Handshake(REFUSED.to_owned()),
        _ => Reply::Good(Vec::new()),
    };
    let (platform, mut peers) = Platform::new(plan);
    let (builder, _seen) = client(&platform);
    let _run = spawn(builder.build().unwrap());
    next(&mut peers).await;
    assert_eq!(platform.attempts(), 10);

    let (platform, _peers) = Platform::new(plan);
    let (builder, _seen) = client(&platform);
    let connection = builder
        .at_connection_limit(AtConnectionLimit::Stop)
        .build()
        .unwrap();
    let Err(error) = connection.run().await;
    let error = error.to_string();
    assert!(error.contains("as many connections as it may:"), "{error}");
    assert!(error.ends_with("(code 1000040350: too many)"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn no_step_hangs() {
    let head = "HTTP/1.1 101 -\r\nupgrade: websocket\r\nsec-websocket-accept: wrong\r\n\r\n";
    let (platform, mut peers) = Platform::new(move |attempt| match attempt {
        1 => Reply::Silence,
        2 => Reply::Handshake("HTTP/1.1 101".to_owned()),
        3 => Reply::Handshake(head.to_owned()),
        4 => Reply::Handshake("HTTP/1.1 200 -\r\ncontent-length: 9\r\n\r\n".to_owned()),
        5 => Reply::Endpoint(200, json!("x".repeat(100_000))),
        _ => Reply::Good(Vec::new()),
    });
    let failures = Arc::new(Mutex::new(Vec::new()));
    let noted = failures.clone();
    let (builder, _seen) = client(&platform);
    let builder =
        builder.on_reconnecting(move |it| noted.lock().unwrap().push(it.failure.to_string()));
    let begun = Instant::now();
    let _run = spawn(builder.build().unwrap());
    next(&mut peers).await;
    let took = begun.elapsed();
    // One step at its limit, and then an attempt a second.
    assert!(took < Duration::from_secs(20), "{took:?}");
    let failures = failures.lock().unwrap().clone();
    assert_eq!(failures.len(), 5, "{failures:?}");
    let slow = "asking for the address of the long connection (open.test) took too long";
    assert_eq!(failures[0], slow);
    assert!(
        failures[1].starts_with("opening the WebSocket (gateway.test) failed"),
        "{failures:?}"
    );
    assert_eq!(
        failures[2],
        "opening the WebSocket (gateway.test) failed: the answer is not that of a WebSocket"
    );
    assert_eq!(
        failures[3],
        "the WebSocket was refused with the HTTP status 200"
    );
    assert!(
        failures[4].ends_with("it has more than 65536 bytes"),
        "{failures:?}"
    );
}
