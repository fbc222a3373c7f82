//! Mangled bytes, for some minutes.

use std::hint::black_box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use feishu_events::testing::{EventRequest, encrypted_request};
use feishu_events::{Envelope, EventType, Protocol, Webhook};
use http::{HeaderMap, HeaderValue};
use tokio::runtime::Runtime;

use crate::events::{KEY, TOKEN};
use crate::process::resident_kb;

mod mangle;

use mangle::Mangler;

/// An input that takes longer than this hangs.
const HANGS: Duration = Duration::from_secs(20);

#[derive(Args)]
pub(crate) struct FuzzArgs {
    /// What is given mangled bytes
    target: Target,
    /// For how long
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    /// Envelopes and payloads
    Envelope,
    /// What is encrypted, without a signature
    Decrypt,
    /// Whole requests: headers and bodies, some signed after they were mangled
    Request,
}

pub(crate) fn run(args: &FuzzArgs) {
    let mut fuzzer = Fuzzer::new(args.seed);
    let end = Instant::now() + Duration::from_secs_f64(args.minutes * 60.0);
    let (mut inputs, mut slowest, mut resident_at_start) = (0_u64, Duration::ZERO, 0);
    while Instant::now() < end {
        let input = fuzzer.input(args.target);
        let begun = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| fuzzer.try_input(args.target, &input)));
        let took = begun.elapsed();
        assert!(outcome.is_ok(), "panicked at input {inputs} of this seed");
        assert!(took < HANGS, "input {inputs} of this seed took {took:?}");
        slowest = slowest.max(took);
        inputs += 1;
        if inputs == 20_000 {
            resident_at_start = resident_kb();
        }
    }
    println!(
        "{:?}: {inputs} inputs, {} accepted, slowest {slowest:?}, resident {resident_at_start} kB \
         after 20,000 inputs and {} kB at the end",
        args.target,
        fuzzer.accepted,
        resident_kb()
    );
}

/// A request to be tried.
#[derive(Debug)]
struct Input {
    headers: HeaderMap,
    body: Vec<u8>,
}

struct Fuzzer {
    seeds: Vec<String>,
    mangler: Mangler,
    runtime: Runtime,
    webhook: Webhook,
    accepted: u64,
}

impl Fuzzer {
    fn new(seed: u64) -> Self {
        let event =
            |it: &EventType| EventRequest::from_sample(*it).map(|event| event.token(TOKEN).json());
        let mut seeds: Vec<String> = EventType::ALL.iter().filter_map(event).collect();
        seeds.push(EventRequest::challenge("challenge").token(TOKEN).json());
        Self {
            seeds,
            mangler: Mangler::new(seed),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap(),
            webhook: crate::server::webhook(crate::events::handlers()),
            accepted: 0,
        }
    }

    fn input(&mut self, target: Target) -> Input {
        let seed = self.mangler.below(self.seeds.len());
        let mut bytes = self.seeds[seed].clone().into_bytes();
        let plain = |body| Input {
            headers: HeaderMap::new(),
            body,
        };
        match target {
            Target::Envelope => {
                self.mangler.mangle(&mut bytes);
                plain(bytes)
            }
            Target::Decrypt => {
                if self.mangler.below(2) == 0 {
                    self.mangler.mangle(&mut bytes);
                }
                let (_, body) = encrypted_request(KEY, &bytes).into_parts();
                let mut body = body.to_vec();
                if self.mangler.below(2) == 0 {
                    self.mangler.mangle(&mut body);
                } else {
                    // The ciphertext itself, so that base64 is right and the blocks are not.
                    let mut random = vec![0; self.mangler.below(200)];
                    self.mangler.fill(&mut random);
                    let base64 = STANDARD.encode(&random);
                    body = format!(r#"{{"encrypt":"{base64}"}}"#).into_bytes();
                }
                plain(body)
            }
            Target::Request => {
                self.mangler.mangle(&mut bytes);
                let (mut head, body) = encrypted_request(KEY, &bytes).into_parts();
                let mut body = body.to_vec();
                if self.mangler.below(4) == 0 {
                    self.mangler.mangle(&mut body);
                }
                if self.mangler.below(4) == 0 {
                    for value in head.headers.values_mut() {
                        let mut bytes = value.as_bytes().to_vec();
                        self.mangler.mangle(&mut bytes);
                        if let Ok(mangled) = HeaderValue::from_bytes(&bytes) {
                            *value = mangled;
                        }
                    }
                }
                Input {
                    headers: head.headers,
                    body,
                }
            }
        }
    }

    fn try_input(&mut self, target: Target, input: &Input) {
        if matches!(target, Target::Envelope) {
            let Ok(envelope) = Envelope::from_slice(&input.body) else {
                return;
            };
            self.accepted += 1;
            // What was read can be written, and is the same when it is read again.
            let json = serde_json::to_vec(&envelope).unwrap();
            let again = Envelope::from_slice(&json).unwrap();
            assert_eq!(again.header.event_id, envelope.header.event_id);
            // In protocol 1.0 the header writes members of the payload: what the payload could not
            // be read with, and has a report, is written as the header has it.
            if envelope.header.protocol == Protocol::V2 || envelope.reports.is_empty() {
                assert_eq!(again.event, envelope.event);
            }
            black_box(envelope);
            return;
        }
        let response = self
            .runtime
            .block_on(self.webhook.handle(&input.headers, &input.body));
        let status = response.status().as_u16();
        assert!([200, 401, 413, 500].contains(&status), "{status}");
        self.accepted += u64::from(status == 200);
    }
}
