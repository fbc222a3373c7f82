//! What finding and calling a handler costs, beside reading the same bytes in other ways.
//!
//! ```text
//! FEISHU_DOCS=… cargo bench -p feishu-events-benches --bench dispatch [-- --json]
//! ```
//!
//! The bytes are the documented samples. Each line is taken in turns with the others within one
//! run; a ratio is how many times as fast as the other way the first one is.

#![allow(clippy::unwrap_used, reason = "a measurement may stop at once")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use feishu_events::{Dispatcher, Drift, Envelope, Event, EventType, dispatcher, feishu_handler};
use feishu_events_benches::{Output, Row, Side, Turns, median};
use serde_json::Value;
use serde_json::value::RawValue;

#[feishu_handler("*")]
fn every_event(event: &Event) {
    black_box(event);
}

#[feishu_handler("*")]
fn nothing() {}

const VALUE: &str = "`serde_json::Value`, not routed";
const ENVELOPE: &str = "bytes to a typed event";
const TYPED: &str = "bytes to a typed handler";
const DRIFT: &str = "samples that are as documented, to a typed handler";
const DRIFT_COST: &str = "the same with `Drift`, twice";
const UNTYPED: &str = "bytes to a handler that takes nothing";
const PAYLOAD: &str = "the payload alone, its type known";
const NAME: &str = "names";

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

/// Whether `Drift` finds nothing to count in a sample.
fn differs_not(sample: &str) -> bool {
    let drift = Drift::new();
    let dispatcher: Dispatcher = dispatcher![every_event];
    now(dispatcher.drift(&drift).dispatch(sample.as_bytes())).unwrap();
    !drift.to_json().contains("\"differences\"")
}

fn dispatch(dispatcher: &Dispatcher, samples: &[String]) {
    for sample in samples {
        black_box(now(dispatcher.dispatch(sample.as_bytes())).unwrap());
    }
}

fn main() {
    let output = Output::from_arguments();
    let samples = match feishu_events_benches::sample_texts() {
        Ok(samples) => samples,
        Err(why) => return output.skipped(&why),
    };
    let bytes: usize = samples.iter().map(String::len).sum();
    let (typed, untyped): (Dispatcher, Dispatcher) =
        (dispatcher![every_event], dispatcher![nothing]);
    let as_documented: Vec<String> = samples
        .iter()
        .filter(|it| differs_not(it))
        .cloned()
        .collect();
    let counted = typed.clone().drift(&Drift::new());
    let costs = RefCell::new(Vec::new());
    let names = EventType::ALL.iter().map(|event_type| event_type.as_str());
    let names: Vec<&str> = names.collect();
    let payloads: Vec<_> = samples.iter().map(|sample| payload(sample)).collect();
    let times = Turns::new()
        .line(VALUE, || {
            for sample in &samples {
                black_box(serde_json::from_slice::<Value>(sample.as_bytes()).unwrap());
            }
        })
        .line(ENVELOPE, || {
            for sample in &samples {
                black_box(Envelope::from_slice(sample.as_bytes()).unwrap());
            }
        })
        .line(TYPED, || dispatch(&typed, &samples))
        .line(DRIFT, || dispatch(&typed, &as_documented))
        .timed(DRIFT_COST, || {
            // Once before and once after, so that no order is the better one.
            let [plain, first, second, again] = [&typed, &counted, &counted, &typed].map(|it| {
                let begun = Instant::now();
                dispatch(it, &as_documented);
                begun.elapsed()
            });
            costs
                .borrow_mut()
                .push((first + second).as_secs_f64() / (plain + again).as_secs_f64());
            first + second
        })
        .line(UNTYPED, || dispatch(&untyped, &samples))
        .line(PAYLOAD, || {
            for (event_type, payload) in &payloads {
                black_box(Event::from_payload(*event_type, payload.get()).unwrap());
            }
        })
        .line(NAME, || {
            for name in &names {
                black_box(black_box(*name).parse::<EventType>().unwrap());
            }
        })
        .run(ROUNDS);
    let count = samples.len();
    output.note(&format!(
        "reading and routing: {count} samples, {bytes} bytes, {ROUNDS} rounds"
    ));
    for (side, ours, theirs) in [
        (Side::Peer, ENVELOPE, VALUE),
        (Side::Peer, TYPED, VALUE),
        (Side::Peer, UNTYPED, VALUE),
        (Side::Floor, TYPED, PAYLOAD),
    ] {
        output.row(&Row::of(&times, count, side, ours, theirs));
    }
    let (plain, ratio) = (as_documented.len(), median(costs.take()));
    output.note(&format!(
        "with `Drift`, {plain} samples that are as documented take {ratio:.3} times as long to a typed handler"
    ));
    #[allow(clippy::cast_precision_loss)] // some hundred names
    let each = times.median(NAME) * 1e9 / names.len() as f64;
    output.note(&format!(
        "to find an event by its name, of {}: {each:.1} ns",
        names.len()
    ));
}
