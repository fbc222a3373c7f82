//! What an event costs in instructions and allocations, which no other program on the machine can
//! change: counted by valgrind.
//!
//! ```text
//! FEISHU_DOCS=… cargo bench -p feishu-events-benches --bench instructions [-- --json]
//! ```
//!
//! The program runs itself under `valgrind --tool=callgrind` and `--tool=dhat`, each way with few
//! rounds over the documented samples and with more; the difference is what the events cost, without
//! start, preparation and the first calls. `PROGRAM run <way> <rounds>` is one such run, for
//! `callgrind_annotate`.
//!
//! Valgrind offers programs AES but not SHA instructions: a hash costs more here than it does
//! elsewhere, on both sides of a row.

#![allow(clippy::unwrap_used, reason = "a measurement may stop at once")]

use std::hint::black_box;
use std::pin::pin;
use std::process::{Command, ExitCode};
use std::task::{Context, Poll, Waker};

use feishu_events::{Dispatcher, Event, Webhook, dispatcher, feishu_handler};
use feishu_events_benches::{Output, Row, Side, Unit, sample_texts};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

#[path = "shared/requests.rs"]
mod requests;

use requests::{KEY, Samples, floor};

#[feishu_handler("*")]
fn every_event(event: &Event) {
    black_box(event);
}

#[feishu_handler("*")]
fn nothing() {}

/// Each way is run with both numbers of rounds; requests are made for the larger one.
const ROUNDS: [u32; 2] = [2, 12];

/// A way to deal with the samples.
struct Way {
    /// What `run` calls it.
    name: &'static str,
    /// What is done.
    what: &'static str,
    /// The way that it is compared with, and what that is.
    beside: Option<(&'static str, Side)>,
}

const WAYS: [Way; 6] = [
    Way {
        name: "typed",
        what: "bytes to a typed handler",
        beside: Some(("value", Side::Peer)),
    },
    Way {
        name: "untyped",
        what: "bytes to a handler that takes nothing",
        beside: Some(("value", Side::Peer)),
    },
    Way {
        name: "webhook",
        what: "a signed and encrypted request to a typed handler",
        beside: Some(("parts", Side::Floor)),
    },
    Way {
        name: "value",
        what: "`serde_json::Value`, not routed",
        beside: None,
    },
    Way {
        name: "envelope",
        what: "the envelope alone, header and event as `&RawValue`",
        beside: None,
    },
    Way {
        name: "parts",
        what: "hash, base64 and AES alone, nothing read",
        beside: None,
    },
];

/// The envelope as serde reads it.
#[derive(Deserialize)]
struct Unread<'a> {
    #[serde(borrow)]
    header: Option<&'a RawValue>,
    #[serde(borrow)]
    event: &'a RawValue,
}

/// Runs a future that never waits.
fn now<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("these handlers do not wait"),
    }
}

/// Goes `rounds` times over the samples in one of the ways.
fn run(way: &str, rounds: usize) {
    let samples = sample_texts().unwrap();
    let read = |each: &mut dyn FnMut(&[u8])| {
        for _ in 0..rounds {
            for sample in &samples {
                each(sample.as_bytes());
            }
        }
    };
    let dispatch = |dispatcher: Dispatcher| {
        read(&mut |sample| drop(black_box(now(dispatcher.dispatch(sample)).unwrap())));
    };
    // Made for the most rounds, so that what is delivered is all that differs.
    let requests = |samples: &[String]| {
        let samples = Samples::of(samples.to_vec());
        let all: Vec<_> = (0..ROUNDS[1]).map(|_| samples.requests()).collect();
        all.into_iter().take(rounds)
    };
    match way {
        "typed" => dispatch(dispatcher![every_event]),
        "untyped" => dispatch(dispatcher![nothing]),
        "value" => read(&mut |sample| drop(black_box(serde_json::from_slice::<Value>(sample)))),
        "envelope" => read(&mut |sample| {
            let Unread { header, event } = serde_json::from_slice(sample).unwrap();
            black_box((header, event));
        }),
        "webhook" => {
            let builder = Webhook::builder(dispatcher![every_event]);
            let webhook = builder.encrypt_key(KEY).build().unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_time().build().unwrap();
            for request in requests(&samples).flatten() {
                let response = webhook.handle(request.headers(), request.body());
                assert_eq!(runtime.block_on(response).status(), 200);
            }
        }
        "parts" => requests(&samples).for_each(|requests| {
            floor(&requests, |event| {
                black_box(event);
            });
        }),
        other => panic!("no way is called `{other}`"),
    }
}

/// What valgrind counts in a run: instructions, or allocations.
struct Counter {
    tool: &'static str,
    /// What it says before the number.
    before: &'static str,
    /// What it says behind the number; empty for the end of the line.
    behind: &'static str,
    unit: Unit,
}

const INSTRUCTIONS: Counter = Counter {
    tool: "callgrind",
    before: "Collected : ",
    behind: "",
    unit: Unit::Instructions,
};

const ALLOCATIONS: Counter = Counter {
    tool: "dhat",
    before: " bytes in ",
    behind: " blocks",
    unit: Unit::Allocations,
};

impl Counter {
    /// What a whole run counts.
    fn run(&self, way: &str, rounds: u32) -> f64 {
        let tool = self.tool;
        let output = Command::new("valgrind")
            .arg(format!("--tool={tool}"))
            .arg(format!("--{tool}-out-file=/dev/null"))
            .arg(std::env::current_exe().unwrap())
            .args(["run", way, &rounds.to_string()])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let (_, number) = said
            .split_once(self.before)
            .unwrap_or_else(|| panic!("{said}"));
        let end = if self.behind.is_empty() {
            "\n"
        } else {
            self.behind
        };
        let (number, _) = number.split_once(end).unwrap_or_else(|| panic!("{said}"));
        number.replace(',', "").trim().parse().unwrap()
    }

    /// What one event costs.
    fn of_event(&self, way: &str, samples: usize) -> f64 {
        let [few, more] = ROUNDS.map(|rounds| self.run(way, rounds));
        #[allow(clippy::cast_precision_loss)] // some hundred samples
        let events = f64::from(ROUNDS[1] - ROUNDS[0]) * samples as f64;
        (more - few) / events
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, command, way, rounds] = &*arguments
        && command == "run"
    {
        run(way, rounds.parse().unwrap());
        return ExitCode::SUCCESS;
    }
    let output = Output::from_arguments();
    let samples = match sample_texts() {
        Ok(samples) => samples.len(),
        Err(why) => {
            output.skipped(&why);
            return ExitCode::SUCCESS;
        }
    };
    if Command::new("valgrind").arg("--version").output().is_err() {
        output.skipped("there is no `valgrind`, which counts instructions and allocations");
        return ExitCode::SUCCESS;
    }
    output.note(&format!(
        "instructions and allocations: {samples} samples, counted by valgrind, whose hashes are \
         without SHA instructions"
    ));
    for counter in [INSTRUCTIONS, ALLOCATIONS] {
        let counted = WAYS.map(|way| (counter.of_event(way.name, samples), way));
        for (cost, way) in &counted {
            let row = Row::alone(way.what, counter.unit, *cost);
            let other = way.beside.and_then(|(name, side)| {
                let other = counted.iter().find(|(_, other)| other.name == name);
                other.map(|(theirs, other)| (side, other.what, *theirs))
            });
            output.row(&match other {
                Some((side, what, theirs)) if *cost > 0.0 => {
                    row.beside(side, what, theirs, theirs / cost)
                }
                _ => row,
            });
        }
    }
    ExitCode::SUCCESS
}
