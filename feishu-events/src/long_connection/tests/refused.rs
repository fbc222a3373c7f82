//! An app that was accepted, and is refused at a reconnect.

use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::client;
use super::platform::{Platform, Reply};

/// The secret is wrong, the app may not have long connections.
const REFUSALS: [i64; 2] = [1_000_040_345, 403];

fn refusal(code: i64) -> Reply {
    Reply::Endpoint(200, json!({ "code": code, "msg": "no" }))
}

#[tokio::test(start_paused = true)]
async fn it_is_retried_because_the_mistake_may_be_the_platforms() {
    for code in REFUSALS {
        let (platform, mut peers) = Platform::new(move |attempt| match attempt {
            2..=20 => refusal(code),
            _ => Reply::Good(Vec::new()),
        });
        let (builder, _seen) = client(&platform);
        let connection = builder.build().unwrap();
        let mut status = connection.status();
        let running = tokio::spawn(connection.run());
        drop(peers.recv().await.unwrap());
        let refused = status.wait_for(|status| status.attempt == 4).await;
        let failure = refused.unwrap().last_failure.as_ref().unwrap().to_string();
        assert!(failure.contains(&code.to_string()), "{failure}");
        peers.recv().await.unwrap();
        assert!(!running.is_finished());
        running.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_not_retried_for_longer_than_the_limit() {
    for (limit, least) in [(None, 3600), (Some(600), 600), (Some(0), 0)] {
        let (platform, mut peers) = Platform::new(|attempt| match attempt {
            1 => Reply::Good(Vec::new()),
            _ => refusal(REFUSALS[0]),
        });
        let (mut builder, _seen) = client(&platform);
        if let Some(limit) = limit {
            builder = builder.retry_refusals_for(Duration::from_secs(limit));
        }
        tokio::spawn(async move { while peers.recv().await.is_some() {} });
        let begun = Instant::now();
        let Err(error) = builder.build().unwrap().run().await;
        assert!(error.to_string().contains("secret is wrong"), "{error}");
        // The platform's interval is 1 s.
        let took = begun.elapsed().as_secs();
        assert!((least..=least + 5).contains(&took), "{limit:?}: {took}");
    }
}
