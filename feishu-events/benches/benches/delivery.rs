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
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aes::Aes256Dec;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use feishu_events::testing::EventRequest;
use feishu_events::{Envelope, Event, Webhook, dispatcher, feishu_handler};
use feishu_events_benches::{Output, Row, Side, Turns};
use http::Request;
use sha2::{Digest, Sha256};
use tokio::runtime::Runtime;

const KEY: &str = "an invented encrypt key";

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

/// The samples, each with what makes it the same event when it comes again.
struct Samples(Vec<(String, Vec<String>)>);

impl Samples {
    fn of(samples: Vec<String>) -> Self {
        let with_ids = |sample: String| {
            let envelope = Envelope::from_slice(sample.as_bytes()).unwrap();
            let message = match envelope.event {
                Event::ImMessageReceiveV1(event) => event.message.and_then(|it| it.message_id),
                _ => None,
            };
            let ids = [envelope.header.event_id, message];
            (sample, ids.into_iter().flatten().collect())
        };
        Self(samples.into_iter().map(with_ids).collect())
    }

    /// A request for each sample, with new ids.
    fn requests(&self) -> Vec<Request<Bytes>> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let request = |(sample, ids): &(String, Vec<String>)| {
            let mut json = sample.clone();
            for id in ids {
                let new = format!("{:032x}", NEXT.fetch_add(1, Ordering::Relaxed));
                json = json.replace(&format!("\"{id}\""), &format!("\"{new}\""));
            }
            EventRequest::recorded(json).encrypt_key(KEY).into_http()
        };
        self.0.iter().map(request).collect()
    }
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
    let output = Output::from_arguments();
    let samples = match feishu_events_benches::sample_texts() {
        Ok(samples) => samples,
        Err(why) => return output.skipped(&why),
    };
    let samples = Samples::of(samples);
    let webhook = webhook();
    let key = Sha256::digest(KEY);
    let times = Turns::new()
        .timed(LEAST, || {
            let requests = samples.requests();
            time(|| floor(&key, &requests))
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
