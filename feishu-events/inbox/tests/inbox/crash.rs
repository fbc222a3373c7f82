//! Worker processes that are killed (`kill -9`) wherever it hurts, while events arrive over a webhook
//! and a long connection.
//!
//! More of it: `FEISHU_INBOX_CRASH_EVENTS=10000 FEISHU_INBOX_CRASH_KILLS=600`.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use feishu_events::testing::gateway::Gateway;
use feishu_events::{Context, Dispatcher, Domain, LongConnection, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Inbox, InboxStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{eventually, message};

mod killing;

/// Where a process is killed.
const POINTS: [&str; 6] = [
    "before kept",
    "kept",
    "acknowledged",
    "leased",
    "begun",
    "handled",
];

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// The handler's effect: a line in a file, which outlives the process.
#[feishu_handler("im.message.receive_v1")]
async fn note(event: im::MessageReceiveV1, context: Context) -> std::io::Result<()> {
    tokio::time::sleep(Duration::from_millis(1)).await;
    let id = event.message.and_then(|message| message.message_id);
    let repeated = context.delivery.is_repetition();
    let line = format!("{} {repeated}\n", id.unwrap_or_default());
    let path = std::env::var("CRASH_EFFECTS").unwrap();
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(line.as_bytes())
}

/// The store that a URL names.
async fn open(url: &str) -> Arc<dyn InboxStore> {
    match url.split_once(':').unwrap() {
        #[cfg(feature = "sqlite")]
        ("sqlite", path) => Arc::new(feishu_events_inbox::SqliteStore::open(path).unwrap()),
        #[cfg(feature = "redis")]
        ("redis", _) => {
            let store = feishu_events_inbox::RedisStore::connect_with_prefix(url, "crash");
            Arc::new(store.await.unwrap())
        }
        #[cfg(feature = "postgres")]
        ("postgres", _) => {
            let store = feishu_events_inbox::PostgresStore::connect_with_schema(url, "crash");
            Arc::new(store.await.unwrap())
        }
        (other, _) => panic!("{other}"),
    }
}

/// What runs in the process that is killed.
#[ignore = "it is the other process of the tests below"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let store = open(&variable("CRASH_STORE")).await;
    let point = variable("CRASH_POINT");
    let store = killing::Killing::new(store, &point, variable("CRASH_AFTER").parse().unwrap());
    let handlers: Dispatcher = dispatcher![note];
    let inbox = Inbox::builder(handlers)
        .workers(4)
        .lease_time(Duration::from_millis(500))
        .poll_interval(Duration::from_millis(20))
        .build(store);
    let _workers = inbox.start();
    let bot = LongConnection::builder(variable("CRASH_APP"), variable("CRASH_SECRET"))
        .domain(Domain::Custom(variable("CRASH_DOMAIN")))
        .no_proxy()
        .dispatcher(inbox.dispatcher())
        .build()
        .unwrap();
    tokio::spawn(bot.run());
    let webhook = crate::webhook(&inbox);
    let router = axum::Router::new().fallback_service(webhook);
    let port: u16 = variable("CRASH_PORT").parse().unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .unwrap();
    axum::serve(listener, router).await.unwrap();
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

struct Run<'a> {
    store: &'a str,
    effects: &'a Path,
    gateway: &'a Gateway,
    port: u16,
}

impl Run<'_> {
    fn start(&self, point: &str, after: usize) -> Process {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["crash::child", "--exact", "--ignored"])
            .env("CRASH_STORE", self.store)
            .env("CRASH_POINT", point)
            .env("CRASH_AFTER", after.to_string())
            .env("CRASH_EFFECTS", self.effects)
            .env("CRASH_APP", self.gateway.app_id())
            .env("CRASH_SECRET", self.gateway.app_secret())
            .env("CRASH_DOMAIN", self.gateway.domain())
            .env("CRASH_PORT", self.port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Process(command.spawn().unwrap())
    }
}

/// Posts an event until it is acknowledged, as the platform does, only sooner.
async fn post_until_acknowledged(port: u16, id: &str) {
    let request = message(id, "oc_1").token("token").into_http();
    let mut bytes = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n",
        request.body().len()
    );
    for (name, value) in request.headers() {
        if name != "content-length" {
            bytes += &format!("{name}: {}\r\n", value.to_str().unwrap());
        }
    }
    let bytes = [bytes.as_bytes(), b"\r\n", request.body()].concat();
    loop {
        let answer = async {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
            stream.write_all(&bytes).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            std::io::Result::Ok(answer)
        };
        match tokio::time::timeout(Duration::from_secs(3), answer).await {
            Ok(Ok(answer)) if answer.starts_with(b"HTTP/1.1 200") => return,
            _ => tokio::time::sleep(Duration::from_millis(30)).await,
        }
    }
}

/// Kills processes at each point in turn while events arrive; all are handled, and more than once only
/// if the handler learned that.
async fn loses_nothing(store: &str) {
    let events = number("FEISHU_INBOX_CRASH_EVENTS", 200);
    let kills = number("FEISHU_INBOX_CRASH_KILLS", 12);
    let folder = tempfile::tempdir().unwrap();
    let effects = folder.path().join("effects");
    let ladder = vec![Duration::from_millis(50); 10_000];
    let gateway = Gateway::builder()
        .answer_within(Duration::from_secs(3))
        .resend_after(ladder)
        .start()
        .await
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let run = Run {
        store,
        effects: &effects,
        gateway: &gateway,
        port,
    };

    let killed = AtomicUsize::new(0);
    // Events are sent for as long as processes are killed.
    let pace = async |number: usize| {
        while killed.load(Ordering::SeqCst) < kills
            && number * kills > killed.load(Ordering::SeqCst) * events + events
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let posting = async {
        for some in (0..events / 2).collect::<Vec<_>>().chunks(8) {
            pace(some[0] * 2).await;
            let posts = some.iter().map(async |number| {
                post_until_acknowledged(port, &format!("om_w{number}")).await;
            });
            futures_util::future::join_all(posts).await;
        }
    };
    let pushing = async {
        for number in 0..events / 2 {
            pace(number * 2).await;
            gateway.push(message(&format!("om_l{number}"), "oc_1"));
        }
    };
    let real_kills = AtomicUsize::new(0);
    let killing = async {
        for kill in 0..kills {
            let point = POINTS[kill % POINTS.len()];
            let mut process = run.start(point, fastrand::usize(1..=4 + events / kills / 2));
            for _ in 0..600 {
                if process.0.try_wait().unwrap().is_some() {
                    real_kills.fetch_add(1, Ordering::SeqCst);
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            killed.fetch_add(1, Ordering::SeqCst);
        }
        run.start("never", 1)
    };
    let ((), (), last) = futures_util::future::join3(posting, pushing, killing).await;

    let kills = real_kills.into_inner();
    assert!(kills >= POINTS.len(), "hardly one was killed: {kills}");
    all_are_handled(store, &effects, events / 2 * 2, kills).await;
    drop(last);
}

/// How often each event was handled, and whether its handler knew of a time before.
fn handled(effects: &Path) -> BTreeMap<String, Vec<bool>> {
    let text = fs::read_to_string(effects).unwrap_or_default();
    let mut handled = BTreeMap::<String, Vec<bool>>::new();
    for line in text.lines() {
        let (id, repeated) = line.split_once(' ').unwrap();
        handled
            .entry(id.to_owned())
            .or_default()
            .push(repeated == "true");
    }
    handled
}

async fn all_are_handled(store: &str, effects: &Path, events: usize, kills: usize) {
    let opened = open(store).await;
    for _ in 0..100 {
        if handled(effects).len() == events {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    eventually("all are settled", async || {
        opened.depth().await.unwrap().unsettled() == 0
    })
    .await;
    let handled = handled(effects);
    assert_eq!(handled.len(), events, "some are lost");
    let depth = opened.depth().await.unwrap();
    assert_eq!((depth.dead, depth.held), (0, 0));
    let twice: Vec<_> = handled
        .iter()
        .filter(|(_, times)| times.len() > 1)
        .collect();
    for (id, times) in &twice {
        assert!(
            times[1..].iter().all(|repeated| *repeated),
            "{id}: {times:?} unawares"
        );
    }
    println!(
        "{}: {events} events, {kills} kills, 0 lost, {} handled twice and knew it",
        opened.name(),
        twice.len()
    );
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_over_sqlite_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    loses_nothing(&format!("sqlite:{}", path.display())).await;
}

#[cfg(feature = "redis")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_over_redis_lose_nothing() {
    let Some(server) = crate::servers::redis::start("always").await else {
        return;
    };
    loses_nothing(&server.url()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_over_postgres_lose_nothing() {
    let Some(server) = crate::servers::postgres::start().await else {
        return;
    };
    loses_nothing(&server.url()).await;
}
