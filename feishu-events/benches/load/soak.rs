//! Both receivers for a long time, with everything happening at random that may: is every event
//! accounted for, and does the memory stay flat?
//!
//! This process is the platform and its enemies; the receivers have one of their own. Half of the
//! events go to the webhook, half over a long connection to a gateway, of which there is a new one
//! every half minute.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use feishu_events::contact;
use feishu_events::testing::{EventRequest, sample};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use crate::client::Client;
use crate::events::{KEY, TOKEN};
use crate::process::resident_kb;

mod attackers;
mod gateways;
pub(crate) mod receivers;

use attackers::{Attacks, attack};
use gateways::{Pushing, Seen};

#[derive(Args)]
pub(crate) struct SoakArgs {
    /// For how many minutes events are sent
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// How many events a second
    #[arg(long, default_value_t = 2000)]
    rate: u64,
    /// Over how many connections the webhook's are sent
    #[arg(long, default_value_t = 128)]
    connections: usize,
    /// How often a gateway sends an event again, at most 5 times: the less, the more it gives up on
    #[arg(long, default_value_t = 5)]
    resends: usize,
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// After which times an event of the webhook is sent again that was not acknowledged.
const LADDER: [Duration; 6] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(10),
    Duration::from_secs(10),
];

/// The receivers' process.
struct Receivers {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Receivers {
    fn start(events: usize) -> (Self, u16) {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["receive", &events.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut receivers = Self {
            child,
            input,
            output,
        };
        let port = receivers.line().parse().unwrap();
        (receivers, port)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn ask(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").unwrap();
        self.line()
    }
}

/// What is sent to the webhook: events by number, each at its time.
struct Platform {
    begun: Instant,
    /// When the next attempt at an event is due, which it is, and its number.
    due: Mutex<BinaryHeap<Reverse<(Instant, usize, usize)>>>,
    next: AtomicUsize,
    first: usize,
    events: usize,
    rate: f64,
    acknowledged: AtomicUsize,
    sent_again: AtomicUsize,
    lost: AtomicUsize,
}

impl Platform {
    /// The next attempt: when, which, and the event.
    fn take(&self) -> Option<(Instant, usize, usize)> {
        let mut due = self.due.lock().unwrap();
        if due
            .peek()
            .is_some_and(|Reverse((when, ..))| *when <= Instant::now())
        {
            return due.pop().map(|Reverse(attempt)| attempt);
        }
        drop(due);
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        if index < self.events {
            #[expect(clippy::cast_precision_loss, reason = "some millions")]
            let when = self.begun + Duration::from_secs_f64(index as f64 / self.rate);
            return Some((when, 0, self.first + index));
        }
        let mut due = self.due.lock().unwrap();
        due.pop().map(|Reverse(attempt)| attempt)
    }

    fn is_done(&self) -> bool {
        let settled = self.acknowledged.load(Ordering::SeqCst) + self.lost.load(Ordering::SeqCst);
        settled >= self.events
    }

    async fn send_all(&self, port: u16, mut random: fastrand::Rng) {
        let mut client = Client::connect(port).await;
        loop {
            let Some((when, attempt, number)) = self.take() else {
                if self.is_done() {
                    return;
                }
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            sleep_until(when).await;
            let request = event(number).encrypt_key(KEY).into_http();
            // One in two hundred connections breaks before the answer is there.
            let breaks = random.u8(..) == 0 && random.bool();
            let status = if breaks {
                drop(tokio::time::timeout(Duration::ZERO, client.try_send(request)).await);
                client = Client::connect(port).await;
                None
            } else {
                client.try_send(request).await.map(|(status, _)| status)
            };
            if status.is_none() {
                client = Client::connect(port).await;
            }
            let is_acknowledged = status == Some(200);
            // One in fifty comes again although it was acknowledged.
            let again = is_acknowledged && attempt == 0 && random.u8(..) < 5;
            match LADDER.get(attempt) {
                Some(pause) if !is_acknowledged || again => {
                    self.sent_again.fetch_add(1, Ordering::Relaxed);
                    let again = (Instant::now() + *pause, attempt + 1, number);
                    self.due.lock().unwrap().push(Reverse(again));
                }
                _ if is_acknowledged => drop(self.acknowledged.fetch_add(1, Ordering::SeqCst)),
                _ => drop(self.lost.fetch_add(1, Ordering::SeqCst)),
            }
        }
    }
}

/// The event with this number, which is its id and the name of its user; one in a thousand is large.
fn event(number: usize) -> EventRequest {
    let name = match number % 1000 {
        17 => format!("{number}{}", " ".repeat(500_000)),
        _ => number.to_string(),
    };
    EventRequest::new(&sample::<contact::UserCreatedV3>())
        .set("object.name", name)
        .event_id(format!("{number:032x}"))
        .token(TOKEN)
}

pub(crate) fn run(args: &SoakArgs) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(3)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(soak(args));
}

async fn soak(args: &SoakArgs) {
    let seconds = usize::try_from(args.minutes * 60).unwrap();
    let rate = usize::try_from(args.rate).unwrap();
    let events = seconds * rate;
    let (receivers, port) = Receivers::start(events);
    let receivers: &'static Mutex<Receivers> = Box::leak(Box::new(Mutex::new(receivers)));
    let mut random = fastrand::Rng::with_seed(args.seed);
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    let platform: &'static Platform = Box::leak(Box::new(Platform {
        begun: Instant::now(),
        due: Mutex::default(),
        next: AtomicUsize::new(0),
        first: 0,
        events: events / 2,
        rate: args.rate as f64 / 2.0,
        acknowledged: AtomicUsize::new(0),
        sent_again: AtomicUsize::new(0),
        lost: AtomicUsize::new(0),
    }));
    let attacks: &'static Attacks = Box::leak(Box::default());
    let attacking = tokio::spawn(attack(attacks, port, random.fork()));
    // Between its rounds, a gateway waits for the last events: so more are pushed in each.
    let pushing = Pushing {
        receivers,
        numbers: events / 2..events,
        each: rate / 2 * 45,
        resends: args.resends,
    };
    let pushing = tokio::spawn(pushing.run(random.fork()));
    let sending: Vec<_> = (0..args.connections)
        .map(|_| tokio::spawn(platform.send_all(port, random.fork())))
        .collect();
    let resident: &'static Mutex<Vec<u64>> = Box::leak(Box::default());
    let watching = tokio::spawn(async move {
        loop {
            sleep(Duration::from_secs(10)).await;
            let report = tokio::task::block_in_place(|| {
                receivers.lock().unwrap().ask(&format!("report {events}"))
            });
            let report: Value = serde_json::from_str(&report).unwrap();
            let kb = report["resident_kb"].as_u64().unwrap();
            resident.lock().unwrap().push(kb);
            println!(
                "{:>6.0?} {report}, sent again {}, this process {} kB",
                platform.begun.elapsed(),
                platform.sent_again.load(Ordering::Relaxed),
                resident_kb()
            );
            assert!(
                !attacking.is_finished(),
                "an attacker got something else than expected: see above"
            );
        }
    });
    for sending in sending {
        sending.await.unwrap();
    }
    let seen = pushing.await.unwrap();
    // Handlers that do not end are stopped.
    sleep(Duration::from_secs(12)).await;
    watching.abort();
    let report = receivers.lock().unwrap().ask(&format!("report {events}"));
    let report: Value = serde_json::from_str(&report).unwrap();
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    println!(
        "{events} events in {:.0?}; webhook: {} acknowledged, {} sent again, {} lost; long \
         connection: {} pushed, {} acknowledged, {} lost, {} connects, {} violations",
        platform.begun.elapsed(),
        platform.acknowledged.load(Ordering::SeqCst),
        platform.sent_again.load(Ordering::SeqCst),
        platform.lost.load(Ordering::SeqCst),
        seen.pushed,
        seen.acknowledged,
        seen.lost.len(),
        seen.connects,
        seen.violations,
    );
    println!(
        "attacks: {} half heads, {} bodies in single bytes, {} forged, {} too old, {} too large, {} \
         made-up names, {} clicks with {} replays",
        count(&attacks.half_heads),
        count(&attacks.bytewise),
        count(&attacks.forged),
        count(&attacks.too_old),
        count(&attacks.too_large),
        count(&attacks.made_up_names),
        count(&attacks.clicks),
        count(&attacks.replays),
    );
    println!("{report}");
    let missing = receivers.lock().unwrap().ask(&format!("missing {events}"));
    let missing: Vec<usize> = serde_json::from_str(&missing).unwrap();
    check(&missing, &seen);
    check_memory(&resident.lock().unwrap());
    assert_eq!(
        report["twice"], 0,
        "events were handled again after success"
    );
    drop(receivers.lock().unwrap().child.kill());
}

/// How many measurements say something about the trend: in the first minutes the stores fill up.
const TREND: usize = 100;

/// Checks that the memory of the receivers does not grow any more once their stores are full.
fn check_memory(resident: &[u64]) {
    let quarters: Vec<u64> = resident
        .chunks(resident.len().div_ceil(4).max(1))
        .filter_map(|quarter| quarter.iter().max().copied())
        .collect();
    println!("the most memory in each quarter of the time: {quarters:?} kB");
    if let [_, second, _, last] = quarters[..]
        && resident.len() >= TREND
    {
        // The allocator keeps what the largest bodies that came at the same time took.
        assert!(last <= second + second / 4, "memory grows");
    }
}

/// An event that the platform gave up on was never acknowledged; all others reached a handler.
fn check(missing: &[usize], seen: &Seen) {
    for (number, attempts) in &seen.lost {
        let handled = !missing.contains(number);
        println!("the gateway gave up on {number}, handled: {handled}; {attempts}");
    }
    let unexplained: Vec<_> = missing
        .iter()
        .filter(|number| !seen.lost.contains_key(number))
        .collect();
    println!(
        "{} in no book of the receivers, {} of them not given up on either",
        missing.len(),
        unexplained.len()
    );
    assert!(
        unexplained.is_empty(),
        "acknowledged and not handled: {unexplained:?}"
    );
}
