//! A day in the life of a long connection, at its worst: for a test on paused time, and for
//! the benchmark `load` on real time.

use std::ops::RangeInclusive;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use feishu_events::long_connection::Status;
use feishu_events::testing::gateway::{DeliveryLog, Gateway, Push};
use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Dispatcher, State, contact, dispatcher, feishu_handler};
use tokio::sync::watch;
use tokio::time::sleep;

/// What happens, and when.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) events: usize,
    pub(crate) drops: usize,
    pub(crate) silence_durations: usize,
    /// The time from one event to the next.
    pub(crate) event_gap: Duration,
    /// How many milliseconds all is well between one fault and the next.
    pub(crate) well_for: RangeInclusive<u64>,
    /// The times after which an event may come once more.
    pub(crate) again_after: RangeInclusive<u64>,
    pub(crate) seed: u64,
}

/// How many times the handler of each event was called, and how many times it succeeded.
#[derive(Debug, Clone)]
pub(crate) struct Ledger(Arc<[Line]>);

#[derive(Debug, Default)]
struct Line {
    calls: AtomicU32,
    successes: AtomicU32,
}

impl Ledger {
    pub(crate) fn new(events: usize) -> Self {
        Self((0..events).map(|_| Line::default()).collect())
    }

    pub(crate) fn dispatcher(&self) -> Dispatcher {
        dispatcher![on_user_created].state(self.clone())
    }

    /// The events whose handler did not succeed once, with how many times it did.
    fn not_once(&self) -> Vec<(usize, u32)> {
        let successes = self
            .0
            .iter()
            .map(|line| line.successes.load(Ordering::SeqCst));
        let all = successes.enumerate();
        all.filter(|(_, successes)| *successes != 1).collect()
    }
}

/// Why handlers fail.
const WANTED: &str = "asked to";

/// Fails, panics, or takes longer than the platform waits: each with one event in a hundred, the
/// first time.
#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(
    event: contact::UserCreatedV3,
    State(ledger): State<Ledger>,
) -> Result<(), &'static str> {
    let name = event.object.and_then(|user| user.name).ok_or("no name")?;
    let number: usize = name.parse().map_err(|_| "another name")?;
    let line = &ledger.0[number];
    let first = line.calls.fetch_add(1, Ordering::SeqCst) == 0;
    match number % 100 {
        1 if first => return Err(WANTED),
        2 if first => panic::panic_any(WANTED),
        3 => sleep(Duration::from_secs(4)).await,
        _ => {}
    }
    line.successes.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// Keeps the panics that are asked for from being printed.
pub(crate) fn hide_wanted_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if panic.payload().downcast_ref() != Some(&WANTED) {
            print(panic);
        }
    }));
}

/// Settings that the platform might push; most make no sense.
const SETTINGS: [&str; 7] = [
    "",
    "no JSON",
    "{}",
    r#"{"PingInterval":0,"ReconnectInterval":-1,"ReconnectNonce":"soon"}"#,
    r#"{"PingInterval":1e300,"ReconnectCount":null}"#,
    r#"[{"PingInterval":1}]"#,
    r#"{"PingInterval":18446744073709551616,"ReconnectNonce":1.5}"#,
];

#[derive(Clone, Copy)]
enum Fault {
    Drop,
    Silence,
}

/// Lets the plan happen to a client that is connected to the gateway, and waits until every event
/// is acknowledged or lost.
pub(crate) async fn happen(plan: &Plan, gateway: &Gateway, status: watch::Receiver<Status>) {
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let faults = faults(plan, &mut random.fork());
    gateway.connected(1).await;
    tokio::join!(
        post_events(plan, gateway, random.fork()),
        break_things(plan, gateway, status, faults, random)
    );
    gateway.wait_idle().await;
}

fn faults(plan: &Plan, random: &mut fastrand::Rng) -> Vec<Fault> {
    let mut faults = vec![Fault::Drop; plan.drops];
    faults.resize(plan.drops + plan.silence_durations, Fault::Silence);
    random.shuffle(&mut faults);
    faults
}

async fn post_events(plan: &Plan, gateway: &Gateway, mut random: fastrand::Rng) {
    let user = sample::<contact::UserCreatedV3>();
    for number in 0..plan.events {
        let event = EventRequest::new(&user).set("object.name", number.to_string());
        let mut push = Push::from(event);
        if random.u8(..) < 80 {
            push = push.parts(random.usize(2..9)).shuffled();
        }
        if random.u8(..) < 40 {
            push = push.parts_twice();
        }
        if random.u8(..) < 15 {
            let time = random.u64(plan.again_after.clone());
            push = push.again_after(Duration::from_millis(time));
        }
        gateway.push(push);
        if number % 97 == 0 {
            gateway.push_settings(SETTINGS[random.usize(..SETTINGS.len())]);
        }
        sleep(plan.event_gap).await;
    }
}

async fn break_things(
    plan: &Plan,
    gateway: &Gateway,
    mut status: watch::Receiver<Status>,
    faults: Vec<Fault>,
    mut random: fastrand::Rng,
) {
    for fault in faults {
        sleep(Duration::from_millis(random.u64(plan.well_for.clone()))).await;
        let before = status.borrow().connections;
        let hit = match fault {
            Fault::Drop => gateway.drop_connections(),
            Fault::Silence => gateway.silence_connections(),
        };
        assert_eq!(hit, 1, "there is one connection");
        let again = status.wait_for(|status| status.connections > before);
        again.await.expect("the client runs");
    }
}

/// Checks that every event was handled, none lost, and none handled again after success.
pub(crate) fn check(plan: &Plan, ledger: &Ledger, books: &DeliveryLog) {
    if let Some((number, times)) = ledger.not_once().first() {
        panic!(
            "event {number} was handled {times} times: {:?}",
            books.entries[*number]
        );
    }
    assert_eq!(books.sent(), plan.events);
    assert_eq!(books.acknowledged(), plan.events, "{books}");
    assert_eq!(books.lost(), 0, "{books}");
    assert_eq!(books.silence_durations.len(), plan.silence_durations);
    assert!(books.connects > plan.drops + plan.silence_durations);
    assert!(
        books.protocol_violations.is_empty(),
        "{:?}",
        books.protocol_violations
    );
}
