//! Panics in the program's own code cost what they are about, and no connection.

use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::client;
use super::handlers::{Seen, dispatcher};
use super::platform::{Peer, Platform, answered, data, event};
use crate::LongConnectionBuilder;

/// Connects, sends an event of this type and then a good one; gives back the codes of both.
async fn codes(
    event_type: &str,
    change: impl FnOnce(LongConnectionBuilder) -> LongConnectionBuilder,
) -> [u64; 2] {
    let (platform, mut peers) = Platform::good();
    let (builder, _told) = client(&platform);
    let run = tokio::spawn(change(builder).build().unwrap().run());
    let mut peer = peers.recv().await.unwrap();
    let bad = json!({
        "schema": "2.0",
        "header": { "event_id": "bad", "event_type": event_type },
        "event": {},
    });
    peer.send(data("bad", &bad)).await;
    let bad = code(&mut peer, &mut peers).await;
    peer.send(event("good", &json!({ "good": true }))).await;
    let good = code(&mut peer, &mut peers).await;
    assert!(!run.is_finished());
    [bad, good]
}

async fn code(peer: &mut Peer, peers: &mut UnboundedReceiver<Peer>) -> u64 {
    let answer = peer.answer().await.expect("the connection ended");
    assert!(peers.try_recv().is_err(), "the connection was replaced");
    answered(&answer).1
}

#[tokio::test(start_paused = true)]
async fn a_payload_whose_reading_panics_is_refused() {
    assert_eq!(codes("test.trap_v1", |builder| builder).await, [500, 200]);
    let in_order = LongConnectionBuilder::in_order;
    assert_eq!(codes("test.trap_v1", in_order).await, [500, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_panics_is_refused() {
    let trap = |builder: LongConnectionBuilder| {
        builder.order_by(|it| Some(it.string_at(&["good"]).unwrap_or_else(|| key(it.payload()))))
    };
    assert_eq!(codes("test.plain_v1", trap).await, [500, 200]);
}

fn key(payload: &str) -> String {
    assert!(payload.contains("good"), "as the test wants it");
    "good".to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_is_answered_with_a_failure() {
    let (seen, _told) = Seen::new();
    let trap = dispatcher(seen).on_unhandled(|_| panic!("as the test wants it"));
    let change = |builder: LongConnectionBuilder| builder.dispatcher(trap);
    assert_eq!(codes("test.unknown_v1", change).await, [500, 200]);
}

#[tokio::test(start_paused = true)]
async fn observers_that_panic_keep_nobody_from_connecting_again() {
    let (platform, mut peers) = Platform::good();
    let (builder, _told) = client(&platform);
    let builder = builder
        .on_connected(|_| panic!("as the test wants it"))
        .on_disconnected(|_| panic!("as the test wants it"))
        .on_reconnecting(|_| panic!("as the test wants it"));
    let run = tokio::spawn(builder.build().unwrap().run());
    for _ in 0..3 {
        let mut peer = peers.recv().await.expect("the client ended");
        peer.send(event("e", &json!({}))).await;
        assert_eq!(answered(&peer.answer().await.unwrap()).1, 200);
    }
    assert!(!run.is_finished());
}
