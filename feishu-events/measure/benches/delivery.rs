//! What a delivery costs, from bytes in to response out, beside what it costs at least: the
//! signature, base64, AES, and reading envelope and payload, each by itself.
//!
//! ```text
//! cargo bench -p feishu-events-measure
//! ```
//!
//! The last line is the ratio of both, taken in turns within one run.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a measurement may stop at what is wrong

use std::hint::black_box;
use std::time::{Duration, Instant};

use aes::Aes256Dec;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput};
use feishu_events::testing::EventRequest;
use feishu_events::{Dispatcher, Envelope, EventType, Webhook};
use http::Request;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

mod handlers;

const KEY: &str = "an invented encrypt key";
const TOKEN: &str = "an invented verification token";

/// How often both are measured in turns.
const ROUNDS: usize = 2000;

fn webhook(dispatcher: Dispatcher) -> Webhook {
    Webhook::builder(dispatcher)
        .encrypt_key(KEY)
        .verification_token(TOKEN)
        .build()
        .unwrap()
}

/// A request for each event that has a handler, with new event ids.
fn requests(event_types: &[EventType]) -> Vec<Request<Bytes>> {
    let request = |event_type: &EventType| {
        let request = EventRequest::of(*event_type).unwrap();
        request.token(TOKEN).encrypt_key(KEY).into_http()
    };
    event_types.iter().map(request).collect()
}

/// What no receiver can do without.
fn floor(key: &[u8], requests: &[Request<Bytes>]) {
    for request in requests {
        let headers = request.headers();
        let mut hash = Sha256::new();
        hash.update(&headers["x-lark-request-timestamp"]);
        hash.update(&headers["x-lark-request-nonce"]);
        hash.update(KEY);
        hash.update(request.body());
        black_box(hash.finalize());
        let body = request.body();
        let base64 = &body[r#"{"encrypt":""#.len()..body.len() - 2];
        let bytes = STANDARD.decode(base64).unwrap();
        let (vector, ciphertext) = bytes.split_at(16);
        let mut plaintext = ciphertext.to_vec();
        let cipher = cbc::Decryptor::<Aes256Dec>::new_from_slices(key, vector).unwrap();
        let event = cipher.decrypt_padded::<Pkcs7>(&mut plaintext).unwrap();
        black_box(Envelope::from_slice(event).unwrap());
    }
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
    let dispatcher = handlers::all();
    let event_types = dispatcher.event_types();
    let webhook = webhook(dispatcher);
    let key = Sha256::digest(KEY);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("delivery");
    group.throughput(Throughput::Elements(event_types.len() as u64));
    group.bench_function("floor", |bencher| {
        let fresh = || requests(&event_types);
        bencher.iter_batched_ref(fresh, |it| floor(&key, it), BatchSize::SmallInput);
    });
    group.bench_function("receiver", |bencher| {
        let fresh = || requests(&event_types);
        let run = |requests: &mut Vec<_>| receive(&runtime, &webhook, requests);
        bencher.iter_batched_ref(fresh, run, BatchSize::SmallInput);
    });
    group.finish();
    criterion.final_summary();

    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let (one, other) = (requests(&event_types), requests(&event_types));
            let least = time(|| floor(&key, &one));
            let ours = time(|| receive(&runtime, &webhook, &other));
            ours.as_secs_f64() / least.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "a delivery costs {:.2} times the least (median)",
        ratios[ROUNDS / 2]
    );
}

fn time(run: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
}
