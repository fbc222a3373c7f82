//! The gateways of the soak, one after the other, and what they do to their client.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;
use std::time::Duration;

use feishu_events::testing::gateway::{Gateway, Push, PushRecord};
use tokio::time::{Instant, sleep, sleep_until};

use super::{Receivers, event};

/// For how long a gateway pushes.
const ROUND: Duration = Duration::from_secs(30);

/// After which times an event is pushed again that was not acknowledged.
const LADDER: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(10),
];

/// What all gateways have seen.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) pushed: usize,
    pub(super) acknowledged: usize,
    /// The events that were sent as often as the platform sends and not acknowledged: their numbers,
    /// and what came of each attempt.
    pub(super) lost: BTreeMap<usize, String>,
    pub(super) connects: usize,
    pub(super) violations: usize,
}

/// What is pushed.
pub(super) struct Pushing {
    pub(super) receivers: &'static Mutex<Receivers>,
    pub(super) numbers: Range<usize>,
    /// How many events each gateway pushes.
    pub(super) each: usize,
    /// How often an event is pushed again.
    pub(super) resends: usize,
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

impl Pushing {
    pub(super) async fn run(self, mut random: fastrand::Rng) -> Seen {
        let ask = |line: String| {
            tokio::task::block_in_place(|| self.receivers.lock().unwrap().ask(&line));
        };
        let mut seen = Seen::default();
        let mut first = self.numbers.start;
        while first < self.numbers.end {
            let numbers = first..self.numbers.end.min(first + self.each);
            first = numbers.end;
            let gateway = Gateway::builder()
                .seed(random.u64(..))
                .set("PingInterval", 1)
                .set("ReconnectInterval", 1)
                .set("ReconnectNonce", 1)
                .answer_within(Duration::from_secs(1))
                .resend_after(&LADDER[..self.resends.min(LADDER.len())])
                .start()
                .await
                .unwrap();
            let app = [gateway.domain(), gateway.app_id(), gateway.app_secret()].join(" ");
            ask(format!("connect {app}"));
            gateway.connected(1).await;
            round(&gateway, numbers, &mut random).await;
            gateway.wait_idle().await;
            seen.add(&gateway);
            // Handlers that were acknowledged before they were done; they are stopped after 5 s.
            sleep(Duration::from_secs(6)).await;
            // The client says goodbye to a gateway that is still there.
            ask("disconnect".to_owned());
        }
        seen
    }
}

impl Seen {
    fn add(&mut self, gateway: &Gateway) {
        let log = gateway.delivery_log();
        self.pushed += log.sent();
        self.acknowledged += log.acknowledged();
        for entry in log.entries.iter().filter(|entry| entry.lost) {
            let id = entry.event_id.as_deref().unwrap();
            let number = usize::from_str_radix(id, 16).unwrap();
            self.lost.insert(number, attempts(entry));
        }
        self.connects += log.connects;
        self.violations += log.protocol_violations.values().sum::<usize>();
        if !log.protocol_violations.is_empty() {
            println!("violations: {:?}", log.protocol_violations);
        }
    }
}

/// What came of each attempt at an event, and over which connection it was made.
fn attempts(entry: &PushRecord) -> String {
    let attempts = entry.deliveries.iter().map(|attempt| {
        let connection = attempt.connection.unwrap_or_default();
        let outcome = attempt.outcome.as_ref();
        let outcome = outcome.map_or("pending".to_owned(), ToString::to_string);
        format!("{connection}: {outcome}")
    });
    attempts.collect::<Vec<_>>().join("; ")
}
