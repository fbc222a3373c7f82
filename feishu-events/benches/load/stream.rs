//! Events a second over a long connection, beside the official clients on the same gateway.

use std::fmt;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use clap::Args;
use feishu_events::testing::EventRequest;
use feishu_events::testing::gateway::{Gateway, Push};
use feishu_events::{EventType, Protocol};
use feishu_events_benches::{self as turns, Output, Row, Side, Unit};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::process::{cpu_time, resident_kb_of};

/// The event of the measurement: the most common one.
const EVENT: EventType = EventType::ImMessageReceiveV1;

/// How long a client has to connect.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);

/// How many events pass before the time is taken.
const WARM_UP: usize = 1000;

#[derive(Args)]
pub(crate) struct StreamArgs {
    /// How many events are pushed to each client in each round
    #[arg(long, default_value_t = 20_000)]
    events: usize,
    /// How many events are on their way at a time
    #[arg(long, default_value_t = 64)]
    window: usize,
    /// How many rounds; the clients take turns
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Over how many connections of one process the memory is measured
    #[arg(long, default_value_t = 1000)]
    connections: usize,
    /// Print the comparisons as JSON; the memory is not measured then
    #[arg(long)]
    json: bool,
}

/// What runs in a client's process, and how it is started.
struct Client {
    name: &'static str,
    program: String,
    args: Vec<String>,
}

/// What was measured of one client in one round.
#[derive(Clone, Copy)]
struct Round {
    a_second: f64,
    /// The processor time that the client took for an event.
    cpu: Duration,
    p99: Duration,
    /// With one event on its way at a time.
    alone_p50: Duration,
    alone_p99: Duration,
    resident_kb: u64,
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} events a second, {:.1?} of processor time each, acknowledged in {:.2?} (p99); \
             one at a time in {:.0?} (p50), {:.0?} (p99); {} kB",
            self.a_second, self.cpu, self.p99, self.alone_p50, self.alone_p99, self.resident_kb
        )
    }
}

fn clients() -> Vec<Client> {
    let variable = |name: &str, or: &str| std::env::var(name).unwrap_or_else(|_| or.to_owned());
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/interop");
    let script = |name: &str| scripts.join(name).to_str().unwrap().to_owned();
    let ours = std::env::current_exe().unwrap();
    vec![
        Client {
            name: "ours",
            program: ours.to_str().unwrap().to_owned(),
            args: vec!["listen".to_owned()],
        },
        Client {
            name: "Python",
            program: variable("PYTHON", "python3"),
            args: vec![script("long_connection.py")],
        },
        Client {
            name: "Node",
            program: variable("NODE", "node"),
            args: vec![script("long_connection.cjs")],
        },
    ]
}

pub(crate) fn run(args: &StreamArgs) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let cores = std::thread::available_parallelism().unwrap();
    eprintln!("{cores} core(s) for gateway and client together; for one: taskset -c 0 …");
    let clients = clients();
    let mut results = vec![Vec::new(); clients.len()];
    for _ in 0..args.rounds {
        for (client, results) in clients.iter().zip(&mut results) {
            if let Some(round) = runtime.block_on(measure(client, args)) {
                eprintln!("{:>6}: {round}", client.name);
                results.push(round);
            }
        }
    }
    if args.json {
        print_rows(args, &clients, &results);
        return;
    }
    let Some(ours) = median(&results[0]) else {
        return;
    };
    for (client, results) in clients.iter().zip(&results).skip(1) {
        match median(results) {
            None => println!("{}: not installed", client.name),
            Some(theirs) => println!(
                "beside {}: {:.1} times the events a second, {:.3} of the processor time, {:.2} of \
                 the p99, {:.2} of the memory",
                client.name,
                ours.a_second / theirs.a_second,
                ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64(),
                ours.p99.as_secs_f64() / theirs.p99.as_secs_f64(),
                ratio(ours.resident_kb, theirs.resident_kb),
            ),
        }
    }
    runtime.block_on(memory(&clients[0], args.connections));
}

/// What `cargo xtask bench` reads.
fn print_rows(args: &StreamArgs, clients: &[Client], results: &[Vec<Round>]) {
    let output = Output::new(true);
    let (events, window) = (args.events, args.window);
    output.note(&format!(
        "long connection: {events} events, {window} on their way at a time, {} rounds",
        args.rounds
    ));
    let rates = |rounds: &[Round]| rounds.iter().map(|it| it.a_second).collect::<Vec<_>>();
    let ours = rates(&results[0]);
    for (client, results) in clients.iter().zip(results).skip(1) {
        let theirs = rates(results);
        if ours.is_empty() || theirs.is_empty() {
            output.skipped(&format!(
                "long connection: the SDK for {} is not installed",
                client.name
            ));
            continue;
        }
        let ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs);
        let what = "events over a long connection";
        let row = Row::alone(what, Unit::PerSecond, turns::median(ours.clone()));
        let sdk = format!("the official SDK for {}", client.name);
        let ratio = turns::median(ratios.collect());
        output.row(&row.beside(Side::Peer, sdk, turns::median(theirs), ratio));
    }
}

/// The round with the median of events a second.
fn median(rounds: &[Round]) -> Option<Round> {
    let mut rounds = rounds.to_vec();
    rounds.sort_by(|a, b| a.a_second.total_cmp(&b.a_second));
    rounds.get(rounds.len() / 2).copied()
}

/// `None` if the client is not installed.
async fn measure(client: &Client, args: &StreamArgs) -> Option<Round> {
    let gateway = Gateway::builder().start().await.unwrap();
    let child = client.start(&gateway, 1).await?;
    let pid = child.id().unwrap();
    push(&gateway, WARM_UP, args.window).await;
    let pushes: Vec<Push> = (0..args.events).map(|_| event()).collect();
    let cpu_before = cpu_time(pid);
    let begun = Instant::now();
    let times = push_all(&gateway, pushes, args.window).await;
    let took = begun.elapsed();
    let cpu = cpu_time(pid).saturating_sub(cpu_before);
    let events = u32::try_from(args.events).unwrap();
    let alone = push(&gateway, args.events / 10, 1).await;
    let books = gateway.delivery_log();
    assert_eq!(books.lost() + books.late() + books.failed(), 0, "{books}");
    Some(Round {
        a_second: f64::from(events) / took.as_secs_f64(),
        cpu: cpu / events,
        p99: times[times.len() * 99 / 100],
        alone_p50: alone[alone.len() / 2],
        alone_p99: alone[alone.len() * 99 / 100],
        resident_kb: resident_kb_of(pid),
    })
}

/// A message as no other: it is known by its own id beside the event's.
fn event() -> Push {
    static EVENTS: AtomicU64 = AtomicU64::new(0);
    let number = EVENTS.fetch_add(1, Ordering::Relaxed);
    let event = EventRequest::from_sample(EVENT).unwrap();
    event
        .set("message.message_id", format!("om_{number:032x}"))
        .into()
}

async fn push(gateway: &Gateway, events: usize, window: usize) -> Vec<Duration> {
    push_all(gateway, (0..events).map(|_| event()).collect(), window).await
}

/// Pushes events, so many at a time, and says how long each took to be acknowledged, sorted.
async fn push_all(gateway: &Gateway, pushes: Vec<Push>, window: usize) -> Vec<Duration> {
    let mut shares = vec![Vec::new(); window];
    for (index, push) in pushes.into_iter().enumerate() {
        shares[index % window].push(push);
    }
    let senders = shares.into_iter().map(async |share| {
        let mut times = Vec::with_capacity(share.len());
        for push in share {
            let outcome = gateway.push_and_wait(push).await;
            assert!(outcome.is_acknowledged(), "{outcome}");
            times.push(outcome.answer().unwrap().took);
        }
        times
    });
    let times = futures_util::future::join_all(senders).await;
    let mut times: Vec<Duration> = times.into_iter().flatten().collect();
    times.sort();
    times
}

impl Client {
    /// Starts the client and waits until it has connected; `None` if it is not installed.
    async fn start(&self, gateway: &Gateway, connections: usize) -> Option<Child> {
        let protocol = match EVENT.protocol() {
            Protocol::V1 => "1.0",
            _ => "2.0",
        };
        let handled: Value = json!([{ "type": EVENT.as_str(), "protocol": protocol }]);
        let child = Command::new(&self.program)
            .args(&self.args)
            .args([gateway.domain(), gateway.app_id(), gateway.app_secret()])
            .args(["--quiet", "--connections", &connections.to_string()])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut child = child.ok()?;
        let mut stdin = child.stdin.take().unwrap();
        // A client without SDK does not read.
        drop(stdin.write_all(format!("{handled}\n").as_bytes()).await);
        drop(stdin);
        let connected = timeout(CONNECT_WITHIN, gateway.connected(connections));
        tokio::select! {
            connected = connected => connected.expect("the client connects"),
            _ = child.wait() => return None,
        }
        // The Node client loses what comes right behind the handshake.
        sleep(Duration::from_millis(500)).await;
        Some(child)
    }
}

/// What a connection takes in a process that has many.
async fn memory(client: &Client, connections: usize) {
    let mut resident = Vec::new();
    for connections in [1, connections] {
        let gateway = Gateway::builder().connection_limit(connections);
        let gateway = gateway.start().await.unwrap();
        let child = client.start(&gateway, connections).await.unwrap();
        push(&gateway, 10 * connections, connections).await;
        resident.push(resident_kb_of(child.id().unwrap()));
    }
    let each = ratio(resident[1] - resident[0], connections as u64 - 1);
    println!(
        "one connection: {} kB; {connections} in one process: {} kB, {each:.1} kB each",
        resident[0], resident[1]
    );
}

#[allow(clippy::cast_precision_loss)] // far below 2^52
fn ratio(a: u64, b: u64) -> f64 {
    a as f64 / b as f64
}
