//! Many events, a reader that is killed again and again, a consumer that stalls, commands that fail: by
//! the books of the platform, nothing is lost.
//!
//! A small run is a test. `FEISHU_CLI_EVENTS=10000 FEISHU_CLI_KILLS=10 FEISHU_CLI_STALL=60` makes it the
//! large one; with `--nocapture`, each prints its row. `FEISHU_CLI_PEER="node …/node_client.cjs"`, with
//! the official client in `NODE_PATH`, adds its rows.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{ChildStdout, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use feishu_events::testing::gateway::Gateway;
use serde_json::Value;
use tokio::time::sleep;

use crate::box_of::event;
use crate::program::{Program, command_at, script};

/// How many events are pushed at a time.
const AT_ONCE: usize = 50;

/// The pause between those.
const PAUSE: Duration = Duration::from_millis(50);

/// How large a run is.
struct Size {
    events: usize,
    kills: usize,
    stall: Duration,
}

impl Size {
    fn of_this_run() -> Self {
        let number = |name: &str, small: usize| match std::env::var(name) {
            Ok(text) => text.parse().expect("a number"),
            Err(_) => small,
        };
        Self {
            events: number("FEISHU_CLI_EVENTS", 400),
            kills: number("FEISHU_CLI_KILLS", 3),
            // Longer than the platform waits for an answer.
            stall: Duration::from_secs(number("FEISHU_CLI_STALL", 4) as u64),
        }
    }
}

/// Sends events again for as long as any stall here takes.
async fn platform() -> Gateway {
    let times = [0.3, 0.6, 1.2, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0];
    Gateway::builder()
        .resend_after(times.map(Duration::from_secs_f64))
        .set("ReconnectInterval", 1)
        .set("ReconnectNonce", 0)
        .start()
        .await
        .expect("a free port")
}

/// What consumers got: how often, by the id of the event.
#[derive(Clone, Default)]
struct Got(Arc<Mutex<BTreeMap<String, usize>>>);

/// Whether consumers stall.
type Stall = Arc<AtomicBool>;

impl Got {
    /// Reads lines until the program ends; while it is to stall, it reads nothing.
    fn consume(&self, stdout: ChildStdout, stall: &Stall) {
        let (got, stall) = (self.clone(), Arc::clone(stall));
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            while stdout.read_line(&mut line).is_ok_and(|read| read > 0) {
                while stall.load(Ordering::Acquire) {
                    thread::sleep(PAUSE);
                }
                // The last line of a program that was killed can be cut off.
                if line.ends_with('\n') {
                    let event: Value = serde_json::from_str(&line).expect("a line is JSON");
                    got.add(event["header"]["event_id"].as_str().expect("an id"));
                }
                line.clear();
            }
        });
    }

    fn add(&self, id: &str) {
        let mut got = self.0.lock().expect("nobody panics");
        *got.entry(id.to_owned()).or_default() += 1;
    }

    fn count(&self) -> usize {
        self.0.lock().expect("nobody panics").len()
    }

    /// All that the books say was acknowledged was got, and the books say that it was everything.
    fn check(&self, gateway: &Gateway, name: &str, size: &Size, memory: &Memory, begun: Instant) {
        let missing = self.show(gateway, name, size, memory, begun);
        let log = gateway.delivery_log();
        assert_eq!(log.lost(), 0, "{log}");
        assert_eq!(log.acknowledged(), size.events, "{log}");
        assert!(
            missing.is_empty(),
            "acknowledged and not delivered: {missing:?}"
        );
    }

    /// Prints the row; gives the events that were acknowledged and not delivered.
    fn show(
        &self,
        gateway: &Gateway,
        name: &str,
        size: &Size,
        memory: &Memory,
        begun: Instant,
    ) -> Vec<String> {
        let log = gateway.delivery_log();
        let got = self.0.lock().expect("nobody panics");
        let twice = got.values().filter(|times| **times > 1).count();
        let acknowledged = log.entries.iter().filter(|it| it.acknowledgements() > 0);
        let ids = acknowledged.filter_map(|it| it.event_id.clone());
        let missing: Vec<String> = ids.filter(|id| !got.contains_key(id)).collect();
        eprintln!(
            "{name}: {} sent, {} acknowledged, {} given up, {} delivered, {twice} of them more than once, \
             {} acknowledged and not delivered; {} pushes, {} kills; memory {memory}; {:.0?}",
            log.sent(),
            log.acknowledged(),
            log.lost(),
            got.len(),
            missing.len(),
            log.deliveries(),
            size.kills,
            begun.elapsed(),
        );
        missing
    }
}

/// How much memory the programs had, in kilobytes.
#[derive(Default)]
struct Memory {
    seen: Vec<u64>,
    peak: u64,
}

impl Memory {
    /// Looks at a program; without /proc there is nothing to see.
    fn look(&mut self, program: &Program) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", program.id()));
        let status = status.unwrap_or_default();
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok())
        };
        self.seen.extend(value("VmRSS:"));
        self.peak = self.peak.max(value("VmHWM:").unwrap_or_default());
    }
}

impl std::fmt::Display for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = self.seen.first().unwrap_or(&0);
        let last = self.seen.last().unwrap_or(&0);
        write!(
            f,
            "{first} kB first, {last} kB last, {} kB at most",
            self.peak
        )
    }
}

/// Pushes all events; kills the program and starts it again after equal parts, and has the consumer
/// stall from half-way on.
async fn push_all(
    gateway: &Gateway,
    command: impl Fn() -> Command,
    size: &Size,
    got: &Got,
    memory: &mut Memory,
) -> Program {
    let stall = Stall::default();
    let start = || {
        let mut program = Program::ready(command());
        got.consume(program.stdout(), &stall);
        program
    };
    let mut program = start();
    let part = size.events / (size.kills + 1);
    let mut kills = 0;
    for id in 0..size.events {
        gateway.push(event(id));
        if id % AT_ONCE == 0 {
            sleep(PAUSE).await;
        }
        if id == size.events / 2 {
            stall.store(true, Ordering::Release);
            let (stall, time) = (Arc::clone(&stall), size.stall);
            tokio::spawn(async move {
                sleep(time).await;
                stall.store(false, Ordering::Release);
            });
        }
        if id % (size.events / 10) == 0 {
            memory.look(&program);
        }
        if kills < size.kills && id == part * (kills + 1) {
            memory.look(&program);
            program.kill();
            kills += 1;
            program = start();
        }
    }
    gateway.wait_idle().await;
    memory.look(&program);
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_for_a_consumer_that_stalls_from_a_program_that_is_killed() {
    let (size, begun) = (Size::of_this_run(), Instant::now());
    let gateway = platform().await;
    let (got, mut memory) = (Got::default(), Memory::default());
    let program = push_all(
        &gateway,
        || command_at(&gateway, &["tail"]),
        &size,
        &got,
        &mut memory,
    )
    .await;
    // What was acknowledged is in the pipe, or read.
    program.kill();
    while got.count() < size.events && begun.elapsed() < Duration::from_secs(600) {
        sleep(PAUSE).await;
    }
    got.check(&gateway, "tail", &size, &memory, begun);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_for_a_consumer_that_stalls_from_a_program_that_is_killed() {
    let (size, begun) = (Size::of_this_run(), Instant::now());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let gateway = platform().await;
    let (got, mut memory) = (Got::default(), Memory::default());
    let args = ["tail", "--inbox", file.to_str().unwrap()];
    let program = push_all(
        &gateway,
        || command_at(&gateway, &args),
        &size,
        &got,
        &mut memory,
    )
    .await;
    // Everything is acknowledged; what waits in the file is still to come.
    while got.count() < size.events && begun.elapsed() < Duration::from_secs(600) {
        sleep(PAUSE).await;
    }
    memory.look(&program);
    program.kill();
    got.check(&gateway, "tail --inbox", &size, &memory, begun);
}

/// Pushes all events to a program that runs a command for each, of which every tenth fails at first.
#[cfg(unix)]
async fn fail_every_tenth(
    gateway: &Gateway,
    command: impl FnOnce(&str) -> Command,
    size: &Size,
    got: &Got,
    memory: &mut Memory,
) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let script = script(
        folder.path(),
        &format!(
            "case $FEISHU_EVENT_ID in *0) mkdir {path}/$FEISHU_EVENT_ID 2>&- && exit 1;; esac
             echo $FEISHU_EVENT_ID >> {path}/done"
        ),
    );
    let program = Program::ready(command(&script));
    for id in 0..size.events {
        gateway.push(event(id));
        if id % AT_ONCE == 0 {
            sleep(PAUSE * 4).await;
        }
        if id % (size.events / 10) == 0 {
            memory.look(&program);
        }
    }
    gateway.wait_idle().await;
    memory.look(&program);
    program.kill();
    let done = std::fs::read_to_string(folder.path().join("done")).unwrap();
    done.lines().for_each(|id| got.add(id));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn commands_of_which_every_tenth_fails() {
    let (mut size, begun) = (Size::of_this_run(), Instant::now());
    size.kills = 0;
    let gateway = platform().await;
    let (got, mut memory) = (Got::default(), Memory::default());
    let command = |script: &str| command_at(&gateway, &["tail", "--exec", script, "--jobs", "4"]);
    fail_every_tenth(&gateway, command, &size, &got, &mut memory).await;
    got.check(&gateway, "tail --exec", &size, &memory, begun);
    assert!(gateway.delivery_log().failed() >= size.events / 10);
}

/// Another program in the place of `tail`, for this app.
#[cfg(unix)]
fn peer(gateway: &Gateway, args: &[&str]) -> Option<Command> {
    let peer = std::env::var("FEISHU_CLI_PEER").ok()?;
    let mut words = peer.split_whitespace();
    let mut command = Command::new(words.next()?);
    let template = command_at(gateway, &[]);
    for (name, value) in template.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.args(words).args(args);
    Some(command)
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn the_same_with_another_client_for_comparison() {
    let gateway = platform().await;
    if peer(&gateway, &[]).is_none() {
        eprintln!("SKIPPED: FEISHU_CLI_PEER names no other client to compare with");
        return;
    }
    let (mut size, begun) = (Size::of_this_run(), Instant::now());
    let (got, mut memory) = (Got::default(), Memory::default());
    let command = || peer(&gateway, &[]).expect("it was there");
    let program = push_all(&gateway, command, &size, &got, &mut memory).await;
    program.kill();
    // What was written before the end is read.
    sleep(PAUSE * 40).await;
    drop(got.show(&gateway, "peer", &size, &memory, begun));

    size.kills = 0;
    let (gateway, begun) = (platform().await, Instant::now());
    let (got, mut memory) = (Got::default(), Memory::default());
    let command = |script: &str| peer(&gateway, &["--exec", script]).expect("it was there");
    fail_every_tenth(&gateway, command, &size, &got, &mut memory).await;
    drop(got.show(&gateway, "peer --exec", &size, &memory, begun));
}
