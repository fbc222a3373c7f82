//! Both receivers for a long time, with everything happening at random that may: is every event
//! accounted for, and does the memory stay flat?
//!
//! This process is the platform and its enemies; the receivers have one of their own. Half of the
//! events go to the webhook, half over a long connection to a gateway, of which there is a new one
//! every half minute.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Args;
use feishu_events::contact;
use feishu_events::testing::gateway::{Gateway, Push};
use feishu_events::testing::{EventRequest, sample};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};

use crate::client::Client;
use crate::events::{KEY, TOKEN};
use crate::process::resident_kb;

mod attackers;
pub(crate) mod receivers;

use attackers::{Attacks, attack};

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
    /// Where the random numbers begin
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// How long a gateway lasts.
const ROUND: Duration = Duration::from_secs(30);

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

/// What all gateways have seen.
#[derive(Default)]
struct Seen {
    pushed: usize,
    acknowledged: usize,
    /// The numbers of the events that were sent as often as the platform sends, and not acknowledged.
    lost: BTreeSet<usize>,
    connects: usize,
    violations: usize,
}

/// Pushes events to the client of a new gateway, and breaks what can be broken.
async fn round(gateway: &Gateway, numbers: std::ops::Range<usize>, random: &mut fastrand::Rng) {
    let begun = Instant::now();
    let gap = ROUND / u32::try_from(numbers.len()).unwrap();
    let first = numbers.start;
    let mut fault_at = begun + Duration::from_millis(random.u64(500..4000));
    for number in numbers {
        let mut push = Push::from(event(number));
        if random.u8(..) < 20 {
            push = push.parts(random.usize(2..9)).shuffled();
        }
        if random.u8(..) < 10 {
            push = push.parts_twice();
        }
        if random.u8(..) < 5 {
            push = push.again_after(Duration::from_millis(random.u64(1..5000)));
        }
        gateway.push(push);
        if number % 997 == 0 {
            gateway.push_settings(["", "no JSON", r#"{"PingInterval":0}"#][random.usize(..3)]);
        }
        if Instant::now() >= fault_at {
            if random.bool() {
                gateway.drop_connections();
            } else {
                gateway.silence_connections();
            }
            fault_at = Instant::now() + Duration::from_millis(random.u64(500..8000));
        }
        sleep_until(begun + gap * u32::try_from(number - first).unwrap()).await;
    }
}

async fn gateways(
    receivers: &Mutex<Receivers>,
    range: std::ops::Range<usize>,
    each: usize,
    mut random: fastrand::Rng,
) -> Seen {
    let mut seen = Seen::default();
    let mut first = range.start;
    while first < range.end {
        let numbers = first..range.end.min(first + each);
        first = numbers.end;
        let second = Duration::from_secs(1);
        let gateway = Gateway::builder()
            .seed(random.u64(..))
            .set("PingInterval", 1)
            .set("ReconnectInterval", 1)
            .set("ReconnectNonce", 1)
            .answer_within(second)
            .resend_after([second / 2, 2 * second, 5 * second, 10 * second, 10 * second])
            .start()
            .await
            .unwrap();
        let app = [gateway.domain(), gateway.app_id(), gateway.app_secret()].join(" ");
        receivers.lock().unwrap().ask(&format!("connect {app}"));
        gateway.connected(1).await;
        round(&gateway, numbers, &mut random).await;
        gateway.wait_idle().await;
        let log = gateway.delivery_log();
        seen.pushed += log.sent();
        seen.acknowledged += log.acknowledged();
        let given_up = log.entries.iter().filter(|entry| entry.lost);
        let numbers =
            given_up.filter_map(|entry| usize::from_str_radix(entry.event_id.as_deref()?, 16).ok());
        seen.lost.extend(numbers);
        seen.connects += log.connects;
        seen.violations += log.protocol_violations.values().sum::<usize>();
        if !log.protocol_violations.is_empty() {
            println!("violations: {:?}", log.protocol_violations);
        }
        // Handlers that were acknowledged before they were done; they are stopped after 5 s.
        sleep(Duration::from_secs(6)).await;
        // The client says goodbye to a gateway that is still there.
        tokio::task::block_in_place(|| receivers.lock().unwrap().ask("disconnect"));
    }
    seen
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
    let each = rate / 2 * 45;
    let pushing = tokio::spawn(gateways(receivers, events / 2..events, each, random.fork()));
    let sending: Vec<_> = (0..args.connections)
        .map(|_| tokio::spawn(platform.send_all(port, random.fork())))
        .collect();
    let watching = tokio::spawn(async move {
        let mut resident: Vec<u64> = Vec::new();
        loop {
            sleep(Duration::from_secs(10)).await;
            let report = tokio::task::block_in_place(|| {
                receivers.lock().unwrap().ask(&format!("report {events}"))
            });
            let report: Value = serde_json::from_str(&report).unwrap();
            resident.push(report["resident_kb"].as_u64().unwrap());
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
    // An event that the platform gave up on was never acknowledged; all others reached a handler.
    let missing = report["missing_first"].as_array().unwrap().iter();
    let missing: Vec<_> = missing.filter_map(Value::as_u64).collect();
    let is_given_up = |number: &u64| seen.lost.contains(&usize::try_from(*number).unwrap());
    assert!(
        report["missing"] == missing.len() && missing.iter().all(is_given_up),
        "acknowledged and not handled: {missing:?}"
    );
    assert_eq!(
        report["twice"], 0,
        "events were handled again after success"
    );
    drop(receivers.lock().unwrap().child.kill());
}
