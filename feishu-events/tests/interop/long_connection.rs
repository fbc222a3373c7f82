//! The platform in a box is faithful: the official clients receive all events from it.
//!
//! Needs a `python3` (or `$PYTHON`) that can import `lark_oapi`, and a `node` (or `$NODE`) that finds
//! `@larksuiteoapi/node-sdk` (in `$NODE_PATH`); what is missing is skipped. `tests/interop/run`
//! installs both into a temporary folder.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

use feishu_events::testing::EventRequest;
use feishu_events::testing::gateway::{Gateway, Push};
use feishu_events::{Envelope, EventType, Protocol};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// The exit code with which a client says that its SDK is not installed.
const NO_SDK: i32 = 77;

/// An official client.
pub(crate) struct Peer {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    /// Starts an official client, which is given a domain, an app's id and its secret; `None` if
    /// it cannot be run.
    pub(crate) async fn start(program: &str, script: &str, arguments: [&str; 3]) -> Option<Self> {
        let script = format!("{}/tests/interop/{script}", env!("CARGO_MANIFEST_DIR"));
        let started = Command::new(program)
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut child) = started else {
            let _ = writeln!(std::io::stderr(), "skipped: {program} cannot be run");
            return None;
        };
        // A client without SDK does not read; its exit code says so.
        let line = format!("{}\n", handled());
        let mut stdin = child.stdin.take().unwrap();
        drop(stdin.write_all(line.as_bytes()).await);
        drop(stdin);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Some(Self { child, lines })
    }

    /// Starts an official client and waits for it to connect; `None` if it is not installed.
    async fn connect(gateway: &Gateway, program: &str, script: &str) -> Option<Self> {
        let arguments = [gateway.domain(), gateway.app_id(), gateway.app_secret()];
        let mut peer = Self::start(program, script, arguments).await?;
        tokio::select! {
            () = gateway.connected(1) => Some(peer),
            status = peer.child.wait() => {
                assert_eq!(status.unwrap().code(), Some(NO_SDK), "{program} ended early");
                let _ = writeln!(std::io::stderr(), "skipped: the official SDK is not installed for {program}");
                None
            }
        }
    }
}

/// The events that come over long connections: old cards' callbacks do not.
fn all() -> impl Iterator<Item = &'static EventType> {
    let all = EventType::ALL.iter();
    all.filter(|it| **it != EventType::CardActionTriggerV1)
}

/// The events that the clients are to handle.
fn handled() -> Value {
    let events = all().map(|event_type| {
        let protocol = match event_type.protocol() {
            Protocol::V1 => "1.0",
            _ => "2.0",
        };
        json!({ "type": event_type.as_str(), "protocol": protocol })
    });
    events.collect()
}

/// Pushes every event whole and in parts: the client's handlers must get each once.
async fn receive_all(program: &str, script: &str) {
    // The Node client loses what comes right behind the handshake; it is sent again.
    let gateway = Gateway::builder()
        .seed(8)
        .resend_after([Duration::from_millis(10); 4]);
    let gateway = gateway.start().await.unwrap();
    let Some(mut peer) = Peer::connect(&gateway, program, script).await else {
        return;
    };
    let mut got: BTreeMap<String, usize> = BTreeMap::new();
    let mut samples = 0;
    for event_type in all() {
        let whole = EventRequest::from_sample(*event_type).unwrap();
        let split = EventRequest::from_sample(*event_type).unwrap();
        let shuffled = EventRequest::from_sample(*event_type).unwrap();
        let pushes = [
            Push::from(&whole),
            Push::from(&split).parts(2),
            Push::from(&shuffled).parts(5).shuffled(),
        ];
        for (request, push) in [whole, split, shuffled].iter().zip(pushes) {
            gateway.push(push);
            let envelope = Envelope::from_slice(request.json().as_bytes()).unwrap();
            got.insert(envelope.header.event_id.unwrap(), 0);
            samples += 1;
        }
    }
    gateway.wait_idle().await;
    assert_eq!(gateway.delivery_log().acknowledged(), samples);
    for _ in 0..samples {
        let line = peer.lines.next_line().await.unwrap().unwrap();
        let Some(times) = got.get_mut(&line) else {
            panic!("{program} got {line:?}, which was not sent");
        };
        *times += 1;
    }
    assert!(got.values().all(|times| *times == 1));
    let books = gateway.delivery_log();
    eprintln!(
        "{program}: {books}; its liberties: {:?}",
        books.protocol_violations
    );
}

#[tokio::test]
async fn the_official_python_client_receives_all_events() {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    receive_all(&python, "long_connection.py").await;
}

#[tokio::test]
async fn the_official_node_client_receives_all_events() {
    let node = std::env::var("NODE").unwrap_or_else(|_| "node".to_owned());
    receive_all(&node, "long_connection.cjs").await;
}
