//! The worst day of a long connection, on real time with short intervals.

use std::time::{Duration, Instant};

use clap::Args;
use feishu_events::testing::gateway::Gateway;
use feishu_events::{DeliveryOptions, Domain, LongConnection};
use tokio::time::sleep;

#[path = "../../tests/long_connection/chaos.rs"]
mod story;

use story::{Ledger, Plan};

#[derive(Args)]
pub(crate) struct ChaosArgs {
    /// How many events are pushed
    #[arg(long, default_value_t = 10_000)]
    events: usize,
    /// How many times the connection is dropped
    #[arg(long, default_value_t = 50)]
    drops: usize,
    /// How many times the connection falls silent
    #[arg(long, default_value_t = 20)]
    silence_durations: usize,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

pub(crate) fn run(args: &ChaosArgs) {
    story::hide_wanted_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(live(args));
}

async fn live(args: &ChaosArgs) {
    let plan = Plan {
        events: args.events,
        drops: args.drops,
        silence_durations: args.silence_durations,
        event_gap: Duration::from_millis(15),
        well_for: 100..=3_000,
        again_after: 10..=5_000,
        seed: args.seed,
    };
    let second = Duration::from_secs(1);
    let gateway = Gateway::builder()
        .seed(plan.seed)
        .set("PingInterval", 1)
        .set("ReconnectInterval", 1)
        .set("ReconnectNonce", 1)
        .answer_within(second)
        // The last two come when all is well again: the handler of the event may fail at first.
        .resend_after([
            second / 2,
            2 * second,
            10 * second,
            300 * second,
            10 * second,
        ])
        .start()
        .await
        .unwrap();
    let ledger = Ledger::new(plan.events);
    let client = LongConnection::builder(gateway.app_id(), gateway.app_secret())
        .domain(Domain::Custom(gateway.domain().to_owned()))
        .no_proxy()
        .dispatcher(ledger.dispatcher())
        .delivery(DeliveryOptions::new().answer_within(second * 8 / 10))
        .probe_after(second / 2)
        .silence_margin(second / 2)
        .build()
        .unwrap();
    let status = client.status();
    let client = tokio::spawn(client.run());
    let begun = Instant::now();
    story::happen(&plan, &gateway, status).await;
    // Handlers that were acknowledged before they were done.
    sleep(Duration::from_secs(5)).await;
    // Before the client goes: it does so without a goodbye, which the gateway would remark on.
    let books = gateway.delivery_log();
    client.abort();
    println!("{books}");
    story::check(&plan, &ledger, &books);
    println!(
        "every event was handled once, in {:.0?}; a dead connection was noticed after {:.2?} at \
         most",
        begun.elapsed(),
        books
            .silence_durations
            .iter()
            .max()
            .unwrap_or(&Duration::ZERO)
    );
}
