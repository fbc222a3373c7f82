//! What a delivery costs, from bytes in to response out, beside what it costs at least: the
//! signature, base64, AES, and reading envelope and payload, each by itself.
//!
//! ```text
//! FEISHU_DOCS=… cargo bench -p feishu-events-benches --bench delivery [-- --json]
//! ```
//!
//! The bytes are the documented samples, each with new ids. Both are taken in turns within one run.

#![allow(clippy::unwrap_used)] // a measurement may stop at what is wrong

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use feishu_events::{Envelope, Event, Webhook, dispatcher, feishu_handler};
use feishu_events_benches::{Output, Row, Side, Turns};
use http::Request;
use tokio::runtime::Runtime;

#[path = "shared/requests.rs"]
mod requests;

use requests::{KEY, Samples, floor};

const LEAST: &str = "its parts alone: hash, base64, AES, reading";
const DELIVERY: &str = "a signed and encrypted request to its handler";

/// How often both are measured in turns.
const ROUNDS: usize = 500;

#[feishu_handler("*")]
#[allow(clippy::unused_async)] // handlers of a real app await something
async fn every_event(event: Event) {
    black_box(event);
}

/// Without a verification token, because the samples have all kinds of tokens.
fn webhook() -> Webhook {
    Webhook::builder(dispatcher![every_event])
        .encrypt_key(KEY)
        .build()
        .unwrap()
}

fn receive(runtime: &Runtime, webhook: &Webhook, requests: &[Request<Bytes>]) {
    runtime.block_on(async {
        for request in requests {
            let response = webhook.handle(request.headers(), request.body()).await;
            assert_eq!(response.status(), 200);
        }
    });
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let output = Output::from_arguments();
    let samples = match feishu_events_benches::sample_texts() {
        Ok(samples) => samples,
        Err(why) => return output.skipped(&why),
    };
    let samples = Samples::of(samples);
    let webhook = webhook();
    let times = Turns::new()
        .timed(LEAST, || {
            let requests = samples.requests();
            time(|| {
                floor(&requests, |event| {
                    black_box(Envelope::from_slice(event).unwrap());
                });
            })
        })
        .timed(DELIVERY, || {
            let requests = samples.requests();
            time(|| receive(&runtime, &webhook, &requests))
        })
        .run(ROUNDS);
    assert!(webhook.unhandled().is_empty(), "a sample has no handler");
    let count = samples.0.len();
    output.note(&format!("deliveries: {count} samples, {ROUNDS} rounds"));
    output.row(&Row::of(&times, count, Side::Floor, DELIVERY, LEAST));
}

fn time(run: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
}
