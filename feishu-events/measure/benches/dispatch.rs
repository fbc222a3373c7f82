//! What finding and calling a handler costs, beside reading the same bytes in other ways.
//!
//! ```text
//! FEISHU_DOCS=… cargo bench -p feishu-events-measure --bench dispatch
//! ```
//!
//! The bytes are the documented samples. Each line is taken in turns with the others within one
//! run, and the ratios at the end are those of the medians.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement may stop at once"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use feishu_events::{Dispatcher, Envelope, Event, EventType, dispatcher, feishu_handler};
use serde_json::Value;
use serde_json::value::RawValue;

#[feishu_handler("*")]
fn every_event(event: &Event) {
    black_box(event);
}

#[feishu_handler("*")]
fn nothing() {}

mod samples;

/// What is measured, and its name.
type Line<'a> = (&'a str, Box<dyn FnMut() + 'a>);

/// How often each is measured.
const ROUNDS: usize = 300;

/// The payload in an envelope, and which event it is of.
fn payload(sample: &str) -> (EventType, Box<RawValue>) {
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(sample).unwrap();
    let event_type = Envelope::from_slice(sample.as_bytes())
        .unwrap()
        .event
        .event_type();
    (event_type.unwrap(), members.remove("event").unwrap())
}

/// Runs a future that never waits.
fn now<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("these handlers do not wait"),
    }
}

fn dispatch(dispatcher: &Dispatcher, samples: &[String]) {
    for sample in samples {
        black_box(now(dispatcher.dispatch(sample.as_bytes())).unwrap());
    }
}

fn time(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn main() {
    let Some(samples) = samples::all() else {
        println!("skipped: FEISHU_DOCS is not set");
        return;
    };
    let bytes: usize = samples.iter().map(String::len).sum();
    let (typed, untyped): (Dispatcher, Dispatcher) =
        (dispatcher![every_event], dispatcher![nothing]);
    let names: Vec<&str> = EventType::ALL
        .iter()
        .map(|event_type| event_type.as_str())
        .collect();
    let payloads: Vec<_> = samples.iter().map(|sample| payload(sample)).collect();
    let mut lines: Vec<Line<'_>> = vec![
        (
            "serde_json::Value",
            Box::new(|| {
                for sample in &samples {
                    black_box(serde_json::from_slice::<Value>(sample.as_bytes()).unwrap());
                }
            }),
        ),
        (
            "Envelope::from_slice",
            Box::new(|| {
                for sample in &samples {
                    black_box(Envelope::from_slice(sample.as_bytes()).unwrap());
                }
            }),
        ),
        (
            "bytes to a typed handler",
            Box::new(|| dispatch(&typed, &samples)),
        ),
        (
            "bytes to a handler that takes nothing",
            Box::new(|| dispatch(&untyped, &samples)),
        ),
        (
            "payloads alone",
            Box::new(|| {
                for (event_type, payload) in &payloads {
                    black_box(Event::from_payload(*event_type, payload.get()).unwrap());
                }
            }),
        ),
        (
            "name lookup",
            Box::new(|| {
                for name in &names {
                    black_box(black_box(*name).parse::<EventType>().unwrap());
                }
            }),
        ),
    ];
    let mut times = vec![Vec::new(); lines.len()];
    for _ in 0..ROUNDS {
        for ((_, work), times) in lines.iter_mut().zip(&mut times) {
            times.push(time(work));
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    let medians: Vec<Duration> = times.iter_mut().map(median).collect();
    println!(
        "{} samples, {bytes} bytes, median of {ROUNDS} rounds",
        samples.len()
    );
    for ((name, _), median) in lines.iter().zip(&medians) {
        let ratio = median.as_secs_f64() / medians[0].as_secs_f64();
        println!("{name:40} {median:>12.2?}  {ratio:.2} of serde_json::Value");
    }
    let each = medians[5] / u32::try_from(names.len()).unwrap();
    println!("one name of {}: {each:?}", names.len());
}
