//! How long clients are offline, and what they lose, while connections come and go: ours and the
//! official ones, with the same histories.
//!
//! In real time, because the official clients know no other: some 8 minutes.
//! `tests/interop/flapping` installs the official clients and runs it.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use feishu_events::testing::gateway::{ConnectRefusal, Gateway, GatewayBuilder};
use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Domain, LongConnection, contact, dispatcher, feishu_handler};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::long_connection::Peer;

/// How many histories there are, unless `FLAPPING_HISTORIES` says otherwise.
const HISTORIES: u64 = 10;

/// How many times a connection is lost in each.
const FAULTS: usize = 8;

/// How long a history may take: who is slower is stopped.
const LONGEST: Duration = Duration::from_secs(8 * 60);

const EVENT_GAP: Duration = Duration::from_millis(500);

/// How often is looked whether a client is back.
const LOOK: Duration = Duration::from_millis(5);

/// For how long all is well, and what happens then.
struct Step {
    online: Duration,
    fault: Fault,
}

enum Fault {
    Drop,
    Silence,
    /// The connection is dropped, and the next attempts are refused.
    Refusals(Vec<ConnectRefusal>),
    /// The platform is away.
    Restart(Duration),
}

fn history(seed: u64) -> Vec<Step> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut seconds = |most: u64| Duration::from_millis(random.u64(1000..=most * 1000));
    let times: Vec<_> = (0..FAULTS).map(|_| (seconds(30), seconds(60))).collect();
    let steps = times.into_iter().map(|(online, away)| {
        let fault = match random.u8(0..4) {
            0 => Fault::Drop,
            1 => Fault::Silence,
            2 => {
                let count = random.usize(1..=3);
                Fault::Refusals((0..count).map(|_| refusal(&mut random)).collect())
            }
            _ => Fault::Restart(away),
        };
        Step { online, fault }
    });
    steps.collect()
}

/// One that all clients retry.
fn refusal(random: &mut fastrand::Rng) -> ConnectRefusal {
    match random.u8(0..5) {
        0 => ConnectRefusal::busy(),
        1 => ConnectRefusal::internal_error(),
        2 => ConnectRefusal::EndpointStatus(502),
        3 => ConnectRefusal::handshake_failed(),
        _ => ConnectRefusal::HandshakeStatus(503),
    }
}

/// The platform, which may be away.
#[derive(Default)]
struct Platform {
    gateway: Mutex<Option<Gateway>>,
    /// Of the gateways before.
    past: Mutex<Counts>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    sent: usize,
    acknowledged: usize,
    connects: usize,
}

impl Platform {
    async fn begin(&self, port: u16) -> GatewayFacts {
        let gateway = builder().port(port).start().await.unwrap();
        let facts = GatewayFacts {
            domain: gateway.domain().to_owned(),
            port: gateway.address().port(),
        };
        *self.gateway.lock().unwrap() = Some(gateway);
        facts
    }

    fn end(&self) {
        let gateway = self.gateway.lock().unwrap().take();
        *self.past.lock().unwrap() = self.counts_with(gateway.as_ref());
    }

    fn with<T>(&self, ask: impl FnOnce(&Gateway) -> T) -> Option<T> {
        self.gateway.lock().unwrap().as_ref().map(ask)
    }

    fn connects(&self) -> usize {
        self.with(Gateway::connects).unwrap_or(0)
    }

    fn counts_with(&self, gateway: Option<&Gateway>) -> Counts {
        let mut counts = *self.past.lock().unwrap();
        if let Some(gateway) = gateway {
            let log = gateway.delivery_log();
            counts.sent += log.sent();
            counts.acknowledged += log.acknowledged();
            counts.connects += log.connects;
        }
        counts
    }

    fn counts(&self) -> Counts {
        let gateway = self.gateway.lock().unwrap();
        self.counts_with(gateway.as_ref())
    }

    /// Pushes an event now and then, if the platform is there; none is sent again.
    async fn push_events(&self) {
        let user = sample::<contact::UserCreatedV3>();
        loop {
            self.with(|gateway| gateway.push(EventRequest::new(&user)));
            sleep(EVENT_GAP).await;
        }
    }

    /// Lets the history happen to the one client, and adds up for how long it is offline.
    async fn happen(&self, port: u16, steps: Vec<Step>, offline: &Mutex<Offline>) {
        for step in steps {
            sleep(step.online).await;
            offline.lock().unwrap().since = Some(Instant::now());
            let mut before = self.connects();
            match step.fault {
                Fault::Drop => drop(self.with(Gateway::drop_connections)),
                Fault::Silence => drop(self.with(Gateway::silence_connections)),
                Fault::Refusals(refusals) => {
                    self.with(|gateway| {
                        for refusal in refusals {
                            gateway.refuse(refusal);
                        }
                        gateway.drop_connections()
                    });
                }
                Fault::Restart(away) => {
                    self.end();
                    sleep(away).await;
                    self.begin(port).await;
                    before = 0;
                }
            }
            while self.connects() == before {
                sleep(LOOK).await;
            }
            offline.lock().unwrap().end();
        }
    }
}

struct GatewayFacts {
    domain: String,
    port: u16,
}

fn builder() -> GatewayBuilder {
    // What the platform sends by default is the gateway's default.
    Gateway::builder().resend_after([])
}

/// For how long a client has been offline.
#[derive(Debug, Default)]
struct Offline {
    before: Duration,
    since: Option<Instant>,
}

impl Offline {
    fn end(&mut self) {
        self.before = self.total();
        self.since = None;
    }

    fn total(&self) -> Duration {
        self.before + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Client {
    Ours,
    Python,
    Node,
}

/// A client that runs until this is dropped.
enum Running {
    Ours(AbortHandle),
    Theirs { _peer: Box<Peer> },
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Self::Ours(task) = self {
            task.abort();
        }
    }
}

#[feishu_handler("contact.user.created_v3")]
fn on_user_created() {}

impl Client {
    async fn start(self, platform: &Platform, domain: &str) -> Option<Running> {
        let credentials = |gateway: &Gateway| {
            let secret = gateway.app_secret().to_owned();
            (gateway.app_id().to_owned(), secret)
        };
        let (id, secret) = platform.with(credentials).unwrap();
        let theirs = |program, script| {
            let peer = Peer::start(program, script, [domain, &id, &secret]);
            async {
                Some(Running::Theirs {
                    _peer: Box::new(peer.await?),
                })
            }
        };
        match self {
            Self::Ours => {
                let client = LongConnection::builder(&id, &secret)
                    .domain(Domain::Custom(domain.to_owned()))
                    .dispatcher(dispatcher![on_user_created])
                    .build()
                    .unwrap();
                Some(Running::Ours(tokio::spawn(client.run()).abort_handle()))
            }
            Self::Python => {
                let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
                theirs(&python, "long_connection.py").await
            }
            Self::Node => {
                let node = std::env::var("NODE").unwrap_or_else(|_| "node".to_owned());
                theirs(&node, "long_connection.cjs").await
            }
        }
    }
}

/// What came of one history with one client.
#[derive(Debug)]
struct Outcome {
    seed: u64,
    client: Client,
    offline: Duration,
    lost: usize,
    sent: usize,
    connects: usize,
    stopped: bool,
}

async fn run(seed: u64, client: Client) -> Option<Outcome> {
    let platform = Arc::new(Platform::default());
    let GatewayFacts { domain, port } = platform.begin(0).await;
    let running = client.start(&platform, &domain).await?;
    let connecting = async {
        while platform.connects() == 0 {
            sleep(LOOK).await;
        }
    };
    if timeout(Duration::from_secs(120), connecting).await.is_err() {
        eprintln!("skipped: the client {client:?} does not connect");
        return None;
    }
    let offline = Mutex::default();
    let happening = async {
        tokio::select! {
            () = platform.happen(port, history(seed), &offline) => {}
            () = platform.push_events() => {}
        }
    };
    let stopped = timeout(LONGEST, happening).await.is_err();
    let offline = offline.lock().unwrap().total();
    // The last answers.
    sleep(Duration::from_secs(3)).await;
    drop(running);
    let counts = platform.counts();
    Some(Outcome {
        seed,
        client,
        offline,
        lost: counts.sent - counts.acknowledged,
        sent: counts.sent,
        connects: counts.connects,
        stopped,
    })
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            client,
            offline,
            lost,
            sent,
            connects,
            stopped,
        } = self;
        let offline = offline.as_secs_f64();
        let end = if *stopped { "stopped" } else { "ended" };
        write!(
            f,
            "| {seed} | {client:?} | {offline:.1} | {lost} of {sent} | {connects} | {end} |"
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes 8 minutes of real time; `tests/interop/flapping` runs it"]
async fn our_client_is_offline_least_and_loses_least_in_each_history() {
    let histories = std::env::var("FLAPPING_HISTORIES").ok();
    let histories = histories.map_or(HISTORIES, |number| number.parse().unwrap());
    let mut running = JoinSet::new();
    for seed in 1..=histories {
        for client in [Client::Ours, Client::Python, Client::Node] {
            running.spawn(run(seed, client));
        }
    }
    let mut outcomes: Vec<Outcome> = running.join_all().await.into_iter().flatten().collect();
    outcomes.sort_by_key(|outcome| (outcome.seed, outcome.client));
    eprintln!("| history | client | offline, s | events lost | connections | |");
    eprintln!("| --- | --- | --- | --- | --- | --- |");
    for outcome in &outcomes {
        eprintln!("{outcome}");
    }
    for theirs in &outcomes {
        let same = |it: &&Outcome| it.seed == theirs.seed && it.client == Client::Ours;
        let ours = outcomes.iter().find(same).unwrap();
        assert!(ours.offline <= theirs.offline, "{ours}\n{theirs}");
        assert!(ours.lost <= theirs.lost, "{ours}\n{theirs}");
    }
}
