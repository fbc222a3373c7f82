//! How fast and how large an inbox is; figures, not a test:
//!
//! ```sh
//! cargo run --release -p feishu-events-inbox --features redis --example speed -- sqlite [events]
//! ```
//!
//! `redis` and `postgres` (with their features) take a URL from `INBOX_URL`.
#![allow(clippy::print_stdout, reason = "it prints figures")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Dispatcher, Webhook, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Inbox, InboxStore, MemoryStore};
use tokio::sync::Semaphore;

type Error = Box<dyn std::error::Error>;

#[feishu_handler("im.message.receive_v1")]
fn on_message() {}

fn event(number: usize) -> EventRequest {
    let mut event = sample::<im::MessageReceiveV1>();
    if let Some(message) = &mut event.message {
        message.message_id = Some(format!("om_{number}"));
    }
    EventRequest::new(&event).token("token")
}

#[allow(clippy::unused_async, reason = "the stores of servers connect")]
async fn open(kind: &str) -> Result<Arc<dyn InboxStore>, Error> {
    Ok(match kind {
        "memory" => Arc::new(MemoryStore::new()),
        #[cfg(feature = "sqlite")]
        "sqlite" => {
            let path = std::env::var("INBOX_FILE").unwrap_or("speed.db".to_owned());
            Arc::new(feishu_events_inbox::SqliteStore::open(path)?)
        }
        #[cfg(feature = "redis")]
        "redis" => {
            let url = std::env::var("INBOX_URL")?;
            Arc::new(feishu_events_inbox::RedisStore::connect(&url).await?)
        }
        #[cfg(feature = "postgres")]
        "postgres" => {
            let url = std::env::var("INBOX_URL")?;
            Arc::new(feishu_events_inbox::PostgresStore::connect(&url).await?)
        }
        other => return Err(format!("no store `{other}`").into()),
    })
}

fn webhook(dispatcher: Dispatcher) -> Result<Webhook, Error> {
    let options = feishu_events::DeliveryOptions::new().without_dedupe();
    Ok(Webhook::builder(dispatcher)
        .verification_token("token")
        .delivery(options)
        .build()?)
}

async fn receive(webhook: &Webhook, number: usize) -> Duration {
    let request = event(number).into_http();
    let begun = Instant::now();
    let response = webhook.handle(request.headers(), request.body()).await;
    assert_eq!(response.status(), 200, "not acknowledged");
    begun.elapsed()
}

/// Kept and acknowledged a second, with so many in flight.
async fn throughput(webhook: &Webhook, from: usize, events: usize, in_flight: usize) -> f64 {
    let slots = Arc::new(Semaphore::new(in_flight));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for number in from..from + events {
        // It is never closed.
        let slot = Arc::clone(&slots).acquire_owned().await;
        let webhook = webhook.clone();
        tasks.spawn(async move {
            receive(&webhook, number).await;
            drop(slot);
        });
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let count = events as f64;
    count / begun.elapsed().as_secs_f64()
}

/// The times until the acknowledgement at a steady rate.
async fn latencies(webhook: &Webhook, from: usize, rate: u64, seconds: u64) -> Vec<Duration> {
    let mut tick = tokio::time::interval(Duration::from_nanos(1_000_000_000 / rate));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..usize::try_from(rate * seconds).unwrap_or_default() {
        tick.tick().await;
        let webhook = webhook.clone();
        tasks.spawn(async move { receive(&webhook, from + number).await });
    }
    let mut times = tasks.join_all().await;
    times.sort();
    times
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.unwrap_or("VmRSS unknown")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or("sqlite".to_owned());
    let events: usize = arguments.next().map_or(Ok(50_000), |text| text.parse())?;
    let handlers: Dispatcher = dispatcher![on_message];
    let bare = webhook(handlers.clone())?;
    println!(
        "bare delivery, 64 in flight: {:.0}/s",
        throughput(&bare, 0, events, 64).await
    );

    let store = open(&kind).await?;
    let inbox = Inbox::builder(handlers)
        .workers(64)
        .build(Arc::clone(&store));
    let receiver = webhook(inbox.dispatcher())?;
    let kept = throughput(&receiver, 0, events, 64).await;
    println!(
        "{}: kept and acknowledged, 64 in flight: {kept:.0}/s; {}",
        store.name(),
        memory()
    );
    let times = latencies(&receiver, events, 1000, 5).await;
    let at = |part: usize| times[(times.len() - 1) * part / 100];
    println!(
        "acknowledged at 1,000/s: p50 {:?}, p99 {:?}",
        at(50),
        at(99)
    );

    let begun = Instant::now();
    let workers = inbox.start();
    let all = events + times.len();
    let mut left = inbox.depth().await?.unsettled();
    while left > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        left = inbox.depth().await?.unsettled();
    }
    let seconds = begun.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let rate = all as f64 / seconds;
    println!("handled by 64 workers: {rate:.0}/s; {}", memory());
    workers.shut_down(Duration::from_secs(5)).await;
    let begun = Instant::now();
    while store.forget(Duration::ZERO, Duration::ZERO, 1000).await? > 0 {}
    println!("forgotten in {:.1?}; {}", begun.elapsed(), memory());
    drop((inbox, receiver, store));
    if let Ok(file) =
        std::fs::metadata(std::env::var("INBOX_FILE").unwrap_or("speed.db".to_owned()))
    {
        println!("the file has {} KB", file.len() / 1024);
    }
    Ok(())
}
