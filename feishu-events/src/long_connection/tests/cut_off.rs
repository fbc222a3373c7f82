//! What the log says of events that the end cut off.

use std::time::Duration;

use serde_json::json;

use super::client;
use super::platform::{Platform, Reply, event};
use crate::test_support::log::Warnings;

const CUT_OFF: &str = "cut off by the shutdown";

/// Cuts off an event, by an error that does not heal or by dropping the client.
async fn cuts_off(by_error: bool) {
    let (platform, mut peers) = Platform::new(|attempt| match attempt {
        1 => Reply::Good(Vec::new()),
        _ => Reply::Endpoint(200, json!({ "code": 1_000_040_345, "msg": "wrong" })),
    });
    let (builder, mut calls) = client(&platform);
    let builder = builder.drain_within(Duration::from_secs(1));
    let run = tokio::spawn(builder.build().unwrap().run());
    let mut peer = peers.recv().await.unwrap();
    let endless = json!({ "wait_ms": 100_000_000 });
    peer.send(event("hangs", &endless)).await;
    assert_eq!(calls.recv().await.as_deref(), Some("hangs begins"));
    if by_error {
        drop(peer);
    } else {
        run.abort();
    }
    // Either is an end.
    drop(run.await);
}

#[tokio::test(start_paused = true)]
async fn whatever_cuts_off_an_event_the_log_says_of_which_app_it_was() {
    let (warnings, _guard) =
        Warnings::listen(CUT_OFF, "app_id=", async || cuts_off(true).await).await;
    for by_error in [true, false] {
        cuts_off(by_error).await;
        let said = warnings.take(CUT_OFF);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("app_id=\"cli_x\""), "{said:?}");
        assert!(said[0].contains("event_id=\"hangs\""), "{said:?}");
    }
}
