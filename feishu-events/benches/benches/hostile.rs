//! What it costs to refuse a request that is made to cost much: processor time for each byte, for
//! bodies of 4 KiB to 1 MiB.
//!
//! ```text
//! cargo bench -p feishu-events-benches --bench hostile
//! ```
//!
//! With folders as arguments it does the same with the files in them, such as what the fuzzer found, and
//! prints the ones that cost most.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a measurement reports, and may stop

use std::time::Instant;

use feishu_events::{DeliveryOptions, Webhook, dispatcher};
use http::{HeaderMap, HeaderName};

#[path = "../../tests/hostile/mod.rs"]
mod hostile;

const LENGTHS: [usize; 5] = [1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];

/// Each figure is the least of so many.
const ROUNDS: usize = 5;

/// The headers of a request with a signature of so many digits that fits nothing.
fn forged(digits: usize) -> HeaderMap {
    let signature = "0".repeat(digits);
    [
        ("x-lark-request-timestamp", "1699430400"),
        ("x-lark-request-nonce", "1"),
        ("x-lark-signature", &signature),
    ]
    .into_iter()
    .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
    .collect()
}

/// Prints which files cost most, as a whole and for each byte of those that are not small.
fn of_files(folders: &[String], cost: impl Fn(&[u8]) -> (f64, f64)) {
    let mut costs = Vec::new();
    for folder in folders {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let body = std::fs::read(&path).unwrap();
            costs.push((cost(&body), body.len(), path));
        }
    }
    costs.sort_by(|a, b| b.0.1.total_cmp(&a.0.1));
    let most = costs.iter().take(3);
    let mut not_small: Vec<_> = costs
        .iter()
        .filter(|(_, bytes, _)| *bytes >= 1024)
        .collect();
    not_small.sort_by(|a, b| b.0.0.total_cmp(&a.0.0));
    for ((each, all), bytes, path) in most.chain(not_small.into_iter().take(3)) {
        println!(
            "  {all:9.0} ns, {each:6.2} a byte, {bytes} bytes: {}",
            path.display()
        );
    }
}

fn main() {
    let folders: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let key = "an invented encrypt key";
    for (secrets, encrypt_key, headers) in [
        ("verification token", "", HeaderMap::new()),
        ("verification token and encrypt key", key, HeaderMap::new()),
        ("both, with a forged signature", key, forged(64)),
        (
            "both, with a forged signature of an old card",
            key,
            forged(40),
        ),
    ] {
        let webhook = Webhook::builder(dispatcher![])
            .verification_token("an invented verification token")
            .encrypt_key(encrypt_key)
            .delivery(DeliveryOptions::new().event_size_limit(LENGTHS[4]))
            .build()
            .unwrap();
        let cost = |body: &[u8]| {
            let time = || {
                let begun = Instant::now();
                let response = runtime.block_on(webhook.handle(&headers, body));
                assert!(response.status() == 401 || !folders.is_empty());
                begun.elapsed().as_secs_f64()
            };
            let least = (0..ROUNDS).map(|_| time()).fold(f64::INFINITY, f64::min);
            #[expect(clippy::cast_precision_loss, reason = "some mebibytes at most")]
            let bytes = body.len().max(1) as f64;
            (least / bytes * 1e9, least * 1e9)
        };
        if !folders.is_empty() {
            println!("{secrets}:");
            of_files(&folders, cost);
            continue;
        }
        println!("{secrets}: ns for each byte of a body of {LENGTHS:?} bytes");
        let bodies = LENGTHS.map(hostile::bodies);
        for shape in 0..bodies[0].len() {
            let figures = bodies.each_ref().map(|bodies| {
                let body = &bodies[shape].1;
                format!("{:8.2}", cost(body).0)
            });
            println!("  {:36}{}", bodies[0][shape].0, figures.join(" "));
        }
    }
}
