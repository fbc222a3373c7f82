//! No event is lost and none handled twice, whatever happens to the connection.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::time::Duration;

use feishu_events::testing::gateway::Gateway;
use feishu_events::{Domain, LongConnection};
use tokio::time::{sleep, timeout};

use crate::chaos::{self, Ledger, Plan};

/// An hour of paused time, without a network; the last events are sent again after six.
///
/// The worst is over before the platform's third repetition of any event, so that one whose handler
/// fails at first has another left.
#[tokio::test(start_paused = true)]
async fn ten_thousand_events_survive_drops_silences_and_nonsense() {
    chaos::hide_wanted_panics();
    let plan = Plan {
        events: 10_000,
        drops: 50,
        silence_durations: 20,
        event_gap: Duration::from_millis(400),
        well_for: 1_000..=60_000,
        again_after: 10..=60_000,
        seed: 8,
    };
    let gateway = Gateway::builder().seed(plan.seed).start().await.unwrap();
    let ledger = Ledger::new(plan.events);
    let client = LongConnection::builder(gateway.app_id(), gateway.app_secret())
        .domain(Domain::Custom(gateway.domain().to_owned()))
        .no_proxy()
        .dispatcher(ledger.dispatcher())
        .dial(gateway.in_memory())
        .build()
        .unwrap();
    let status = client.status();
    let client = tokio::spawn(client.run());
    let days = Duration::from_secs(3 * 24 * 60 * 60);
    let happened = timeout(days, chaos::happen(&plan, &gateway, status)).await;
    happened.expect("the last event is sent again after six hours");
    // Handlers that were acknowledged before they were done.
    sleep(Duration::from_secs(5)).await;
    client.abort();

    let books = gateway.delivery_log();
    chaos::check(&plan, &ledger, &books);
    let noticed = books.silence_durations.iter().max().unwrap();
    eprintln!("{books}; a dead connection was noticed after {noticed:?} at most");
    // A WebSocket ping after 10 s of silence, and 10 s for its answer.
    assert!(*noticed <= Duration::from_secs(21), "{noticed:?}");
}
