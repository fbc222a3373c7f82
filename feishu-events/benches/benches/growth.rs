//! Whether the cost of an event stays what it is as things grow: the handlers that run at the same time, the
//! event itself, and the number of handlers to choose from.
//!
//! ```text
//! cargo bench -p feishu-events-benches --bench growth [-- --json]
//! ```

#![allow(clippy::unwrap_used, reason = "a measurement may stop at once")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bytes::Bytes;
use feishu_events::testing::EventRequest;
use feishu_events::{
    DeliveryOptions, Dispatcher, EventType, Webhook, dispatcher, feishu_handler, im,
};
use feishu_events_benches::{Output, Row, Unit, median};
use http::Request;
use tokio::runtime::Runtime;
use tokio::task::yield_now;

const KEY: &str = "an invented encrypt key";

/// How many events are handled in each round.
const EVENTS: usize = 1000;

const ROUNDS: usize = 15;

/// How many handlers run while others are called.
const RUNNING: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// The bytes of text in an event.
const SIZES: [usize; 5] = [200, 2_000, 20_000, 200_000, 1_000_000];

/// A handler for each event, and a dispatcher with all of them.
mod handlers {
    use feishu_events::{Dispatcher, dispatcher, feishu_handler};

    include!(concat!(env!("OUT_DIR"), "/handlers.rs"));
}

/// How many handlers wait and never end.
static WAITING: AtomicUsize = AtomicUsize::new(0);

#[feishu_handler("im.message.receive_v1")]
async fn on_message(event: &im::MessageReceiveV1) {
    let chat = event.message.as_ref().and_then(|it| it.chat_id.as_deref());
    if chat == Some("oc_that_waits") {
        WAITING.fetch_add(1, Ordering::Relaxed);
        std::future::pending::<()>().await;
    }
}

#[feishu_handler("im.message.receive_v1")]
fn nothing() {}

fn webhook(dispatcher: Dispatcher) -> Webhook {
    let options = DeliveryOptions::new().concurrency_limit(2 * RUNNING[4]);
    let builder = Webhook::builder(dispatcher).encrypt_key(KEY);
    builder.delivery(options).build().unwrap()
}

/// A message like no other, in this chat and with so many bytes of text.
fn message(chat: &str, bytes: usize) -> Request<Bytes> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    EventRequest::from_sample(EventType::ImMessageReceiveV1)
        .unwrap()
        .set("message.message_id", format!("om_{number:032x}"))
        .set("message.chat_id", chat)
        .set("message.content", "x".repeat(bytes))
        .encrypt_key(KEY)
        .into_http()
}

/// The seconds that each of these events takes, the median of the rounds.
fn seconds(runtime: &Runtime, webhook: &Webhook, events: usize, bytes: usize) -> f64 {
    let round = |_| {
        let requests: Vec<_> = (0..events).map(|_| message("oc_1", bytes)).collect();
        let begun = Instant::now();
        runtime.block_on(async {
            for request in &requests {
                let response = webhook.handle(request.headers(), request.body()).await;
                assert_eq!(response.status(), 200);
            }
        });
        #[allow(clippy::cast_precision_loss)] // some thousand
        let events = events as f64;
        begun.elapsed().as_secs_f64() / events
    };
    median((0..ROUNDS).map(round).collect())
}

/// Has so many handlers wait.
fn wait_in(runtime: &Runtime, webhook: &Webhook, handlers: usize) {
    runtime.block_on(async {
        while WAITING.load(Ordering::Relaxed) < handlers {
            let (webhook, request) = (webhook.clone(), message("oc_that_waits", 200));
            tokio::spawn(async move { webhook.handle(request.headers(), request.body()).await });
            yield_now().await;
        }
    });
}

fn main() {
    let output = Output::from_arguments();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let one = webhook(dispatcher![on_message]);
    seconds(&runtime, &one, EVENTS, 200);
    for bytes in SIZES {
        let events = (EVENTS * 200 / bytes).clamp(10, EVENTS);
        let time = seconds(&runtime, &one, events, bytes);
        let what = format!("an event with {bytes} bytes of text");
        output.row(&Row::alone(what, Unit::Seconds, time));
    }
    let (few, all) = (webhook(dispatcher![nothing]), webhook(handlers::all()));
    for (count, webhook) in [(1, few), (handlers::COUNT, all)] {
        let time = seconds(&runtime, &webhook, EVENTS, 200);
        let what = format!("an event, of {count} that have a handler");
        output.row(&Row::alone(what, Unit::Seconds, time));
    }
    for running in RUNNING {
        wait_in(&runtime, &one, running);
        let time = seconds(&runtime, &one, EVENTS, 200);
        let what = format!("an event while {running} handlers run");
        output.row(&Row::alone(what, Unit::Seconds, time));
    }
}
