//! How fast and how large an inbox is, store by store, beside a delivery that keeps nothing:
//!
//! ```text
//! cargo bench -p feishu-events-inbox --all-features --bench speed
//! cargo bench -p feishu-events-inbox --all-features --bench speed -- growth [events]
//! ```
//!
//! It starts servers of its own, as the tests do. `growth` keeps, handles and forgets a million events
//! in SQLite, and says what that took of memory and disk.

#![allow(clippy::unwrap_used)] // a measurement may stop
#![allow(clippy::cast_precision_loss)] // figures for people

use std::sync::Arc;
use std::time::{Duration, Instant};

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{DeliveryOptions, Dispatcher, Webhook, dispatcher, feishu_handler, im};
use feishu_events_benches::{Output, Row, Side, Unit, median};
use feishu_events_inbox::{Inbox, InboxStore, MemoryStore, PostgresStore, RedisStore, SqliteStore};
use tokio::sync::Semaphore;

mod growth;
#[allow(
    dead_code,
    clippy::wildcard_imports,
    reason = "the tests do more with servers"
)]
#[path = "../../tests/inbox/servers/mod.rs"]
mod servers;

/// Events of one store in one round, and how many rounds there are.
const EVENTS: usize = 10_000;
const ROUNDS: usize = 3;

/// The steady rate at which the time until the acknowledgement is taken, and for how long.
const RATE: u64 = 1_000;
const SECONDS: u64 = 5;

/// How many events are on their way at a time, and how many handlers run.
const IN_FLIGHT: usize = 64;

type Request = axum::http::Request<axum::body::Bytes>;

const BARE: &str = "the same delivery without an inbox";

#[feishu_handler("im.message.receive_v1")]
fn on_message() {}

fn handlers() -> Dispatcher {
    dispatcher![on_message]
}

fn event(number: usize) -> EventRequest {
    let mut event = sample::<im::MessageReceiveV1>();
    if let Some(message) = &mut event.message {
        message.message_id = Some(format!("om_{number}"));
    }
    EventRequest::new(&event).token("token")
}

fn webhook(dispatcher: Dispatcher) -> Webhook {
    let webhook = Webhook::builder(dispatcher).verification_token("token");
    let options = DeliveryOptions::new().without_dedupe();
    webhook.delivery(options).build().unwrap()
}

/// Requests, made before anything is measured.
fn requests(from: usize, count: usize) -> Vec<Request> {
    let requests = (from..from + count).map(|number| event(number).into_http());
    requests.collect()
}

async fn receive(webhook: &Webhook, request: &Request) -> Duration {
    let begun = Instant::now();
    let response = webhook.handle(request.headers(), request.body()).await;
    assert_eq!(response.status(), 200, "not acknowledged");
    begun.elapsed()
}

/// How many events are acknowledged a second.
async fn throughput(webhook: &Webhook, requests: Vec<Request>) -> f64 {
    let slots = Arc::new(Semaphore::new(IN_FLIGHT));
    let (count, begun) = (requests.len(), Instant::now());
    let mut tasks = tokio::task::JoinSet::new();
    for request in requests {
        let slot = Arc::clone(&slots).acquire_owned().await.unwrap();
        let webhook = webhook.clone();
        tasks.spawn(async move {
            receive(&webhook, &request).await;
            drop(slot);
        });
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
    count as f64 / begun.elapsed().as_secs_f64()
}

/// The times until the acknowledgement at a steady rate, sorted.
async fn latencies(webhook: &Webhook, from: usize) -> Vec<f64> {
    let mut tick = tokio::time::interval(Duration::from_nanos(1_000_000_000 / RATE));
    let mut tasks = tokio::task::JoinSet::new();
    for request in requests(from, usize::try_from(RATE * SECONDS).unwrap()) {
        tick.tick().await;
        let webhook = webhook.clone();
        tasks.spawn(async move { receive(&webhook, &request).await });
    }
    let mut times = tasks.join_all().await;
    times.sort();
    times.iter().map(Duration::as_secs_f64).collect()
}

fn part(times: &[f64], percent: usize) -> f64 {
    times[(times.len() - 1) * percent / 100]
}

/// A store and what was measured of it.
struct Contender {
    name: &'static str,
    inbox: Inbox,
    webhook: Webhook,
    rates: Vec<f64>,
    handled: f64,
    latencies: Vec<f64>,
}

impl Contender {
    fn new(name: &'static str, store: impl InboxStore) -> Self {
        let inbox = Inbox::builder(handlers()).workers(IN_FLIGHT).build(store);
        Self {
            name,
            webhook: webhook(inbox.dispatcher()),
            inbox,
            rates: Vec::new(),
            handled: 0.0,
            latencies: Vec::new(),
        }
    }

    /// Has all that is kept handled; gives back how many were a second.
    async fn handle_all(&self) -> f64 {
        let kept = self.inbox.depth().await.unwrap().unsettled();
        let begun = Instant::now();
        let workers = self.inbox.start();
        while self.inbox.depth().await.unwrap().unsettled() > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let rate = kept as f64 / begun.elapsed().as_secs_f64();
        workers.shut_down(Duration::from_secs(5)).await;
        rate
    }
}

async fn speed(output: Output) {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = SqliteStore::open(folder.path().join("inbox.db")).unwrap();
    let mut contenders = vec![
        Contender::new("memory", MemoryStore::new()),
        Contender::new("SQLite", sqlite),
    ];
    let mut started = Vec::new();
    for (name, appendfsync) in [
        ("Redis, `appendfsync everysec`", "everysec"),
        ("Redis, `appendfsync always`", "always"),
    ] {
        let Some(server) = servers::redis::start(appendfsync).await else {
            output.skipped("redis-server is not installed");
            break;
        };
        let store = RedisStore::connect(&server.url()).await.unwrap();
        contenders.push(Contender::new(name, store));
        started.push(server);
    }
    let postgres = servers::postgres::start().await;
    match &postgres {
        Some(server) => {
            let store = PostgresStore::connect(&server.url()).await.unwrap();
            contenders.push(Contender::new("PostgreSQL", store));
        }
        None => output.skipped("postgres is not installed"),
    }

    let bare = webhook(handlers());
    let mut bare_rates = Vec::new();
    for round in 0..ROUNDS {
        let requests = || requests(round * EVENTS, EVENTS);
        bare_rates.push(throughput(&bare, requests()).await);
        for contender in &mut contenders {
            let rate = throughput(&contender.webhook, requests()).await;
            contender.rates.push(rate);
        }
    }
    for contender in &mut contenders {
        contender.latencies = latencies(&contender.webhook, ROUNDS * EVENTS).await;
        contender.handled = contender.handle_all().await;
    }

    for it in &contenders {
        let what = format!("{}: events kept and acknowledged", it.name);
        let (rate, bare) = (median(it.rates.clone()), median(bare_rates.clone()));
        let row = Row::alone(what, Unit::PerSecond, rate);
        output.row(&row.beside(Side::Floor, BARE, bare, rate / bare));
    }
    for it in &contenders {
        for percent in [50, 99] {
            let what = format!("{}: {percent} of 100 acknowledged within", it.name);
            output.row(&Row::alone(
                what,
                Unit::Seconds,
                part(&it.latencies, percent),
            ));
        }
    }
    for it in &contenders {
        let what = format!("{}: events handled and settled", it.name);
        output.row(&Row::alone(what, Unit::PerSecond, it.handled));
    }
    output.note(&format!(
        "kept: {EVENTS} webhook events in each of {ROUNDS} rounds, {IN_FLIGHT} on their way at a time; \
         handled by {IN_FLIGHT} workers; times until the acknowledgement at {RATE} events a second"
    ));
}

#[tokio::main]
async fn main() {
    let output = Output::from_arguments();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "growth") {
        let events = arguments.get(at + 1).and_then(|text| text.parse().ok());
        return growth::run(output, events.unwrap_or(1_000_000)).await;
    }
    speed(output).await;
}
