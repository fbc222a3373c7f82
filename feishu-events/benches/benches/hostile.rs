//! What it costs to refuse a request that is made to cost much: processor time for each byte, for
//! bodies of 4 KiB to 1 MiB.
//!
//! ```text
//! cargo bench -p feishu-events-benches --bench hostile
//! ```

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a measurement reports, and may stop

use std::time::Instant;

use feishu_events::{DeliveryOptions, Webhook, dispatcher};
use http::HeaderMap;

#[path = "../../tests/hostile/mod.rs"]
mod hostile;

const LENGTHS: [usize; 5] = [1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];

/// Each figure is the least of so many.
const ROUNDS: usize = 5;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    for (secrets, encrypt_key) in [
        ("verification token", ""),
        (
            "verification token and encrypt key",
            "an invented encrypt key",
        ),
    ] {
        let webhook = Webhook::builder(dispatcher![])
            .verification_token("an invented verification token")
            .encrypt_key(encrypt_key)
            .delivery(DeliveryOptions::new().event_size_limit(LENGTHS[4]))
            .build()
            .unwrap();
        println!("{secrets}: ns for each byte of a body of {LENGTHS:?} bytes");
        let bodies = LENGTHS.map(hostile::bodies);
        for shape in 0..bodies[0].len() {
            let figures = bodies.each_ref().map(|bodies| {
                let body = &bodies[shape].1;
                let time = || {
                    let begun = Instant::now();
                    let response = runtime.block_on(webhook.handle(&HeaderMap::new(), body));
                    assert_eq!(response.status(), 401);
                    begun.elapsed().as_secs_f64()
                };
                let least = (0..ROUNDS).map(|_| time()).fold(f64::INFINITY, f64::min);
                #[expect(clippy::cast_precision_loss, reason = "at most a mebibyte")]
                let bytes = body.len() as f64;
                format!("{:8.2}", least / bytes * 1e9)
            });
            println!("  {:36}{}", bodies[0][shape].0, figures.join(" "));
        }
    }
}
