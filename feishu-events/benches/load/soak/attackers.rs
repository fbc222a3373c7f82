//! Those who want to wear the webhook down, and what they must get.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use feishu_events::EventType;
use feishu_events::testing::EventRequest;
use http::{HeaderValue, Request};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::client::Client;
use crate::events::{KEY, TOKEN, event};

/// What was tried, and how often.
#[derive(Default)]
pub(super) struct Attacks {
    pub(super) half_heads: AtomicU64,
    pub(super) bytewise: AtomicU64,
    pub(super) forged: AtomicU64,
    pub(super) too_old: AtomicU64,
    pub(super) too_large: AtomicU64,
    pub(super) made_up_names: AtomicU64,
    pub(super) clicks: AtomicU64,
    pub(super) replays: AtomicU64,
}

/// Attacks without end, some each second.
pub(super) async fn attack(attacks: &Attacks, port: u16, mut random: fastrand::Rng) {
    let mut number = 0_u64;
    loop {
        sleep(Duration::from_millis(random.u64(1..40))).await;
        number += 1;
        let count = match random.u8(0..8) {
            0 => half_a_head(attacks, port, random.u64(1..40)),
            1 => bytewise(attacks, port, random.bool()),
            2 => {
                let length = random.usize(0..100_000);
                expect(port, forged(length), 401).await;
                &attacks.forged
            }
            3 => {
                let old = signed(event(0), 9 * 60 * 60 + random.u64(0..1_000_000));
                expect(port, old, 401).await;
                &attacks.too_old
            }
            4 if number.is_multiple_of(16) => {
                expect(port, forged(6 * 1024 * 1024), 413).await;
                &attacks.too_large
            }
            5 => {
                let name = format!("acme.{}_v1", "x".repeat(random.usize(0..10_000)));
                let name = format!("{name}{number}");
                let event = EventRequest::from_json(
                    &name,
                    feishu_events::Protocol::V2,
                    serde_json::json!({}),
                );
                let event = event.token(TOKEN).encrypt_key(KEY);
                expect(port, event.into_http(), 200).await;
                &attacks.made_up_names
            }
            _ => {
                let click = EventRequest::from_sample(EventType::CardActionTrigger).unwrap();
                let click = click.token(TOKEN).encrypt_key(KEY).into_http();
                let times = random.u64(1..20);
                replay(port, &click, times).await;
                attacks.replays.fetch_add(times, Ordering::Relaxed);
                &attacks.clicks
            }
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// A request whose signature fits nothing.
fn forged(length: usize) -> Request<Bytes> {
    let mut request = event(0).encrypt_key("another key").into_http();
    let body = format!("{{\"encrypt\":\"{}\"}}", "A".repeat(length));
    *request.body_mut() = body.into();
    request
}

/// A request that was signed so many seconds ago.
fn signed(event: EventRequest, seconds_ago: u64) -> Request<Bytes> {
    let mut request = event.into_http();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let timestamp = (now.as_secs() - seconds_ago).to_string();
    let mut hash = Sha256::new();
    for part in [timestamp.as_bytes(), b"1", KEY.as_bytes(), request.body()] {
        hash.update(part);
    }
    let hash = hash.finalize();
    let signature = hash.iter().fold(String::new(), |mut hex, byte| {
        hex += &format!("{byte:02x}");
        hex
    });
    for (name, value) in [
        ("x-lark-request-timestamp", timestamp.as_str()),
        ("x-lark-request-nonce", "1"),
        ("x-lark-signature", &signature),
    ] {
        let value = HeaderValue::from_str(value).unwrap();
        request.headers_mut().insert(name, value);
    }
    request
}

async fn expect(port: u16, request: Request<Bytes>, status: u16) {
    let mut client = Client::connect(port).await;
    // A body that is not read to its end may break the connection before the answer is there.
    if let Some(answered) = client.try_send(request).await {
        assert_eq!(answered.0, status);
    }
}

/// Sends the same request several times: all get the first answer.
async fn replay(port: u16, request: &Request<Bytes>, times: u64) {
    let mut first = None;
    for _ in 0..=times {
        let mut client = Client::connect(port).await;
        let answered = client.try_send(request.clone()).await.unwrap();
        // While events wait for handlers, a click waits too, and may be refused.
        if answered.0 == 503 {
            continue;
        }
        assert_eq!(answered.0, 200);
        let first = first.get_or_insert_with(|| answered.1.clone());
        assert_eq!(answered.1, *first, "a replay was answered otherwise");
    }
}

/// Sends half a head and waits until the server has enough, or not so long.
fn half_a_head(attacks: &Attacks, port: u16, seconds: u64) -> &AtomicU64 {
    tokio::spawn(async move {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        drop(
            stream
                .write_all(b"POST / HTTP/1.1\r\nhost: a\r\nx-la")
                .await,
        );
        let mut answer = Vec::new();
        let closed = stream.read_to_end(&mut answer);
        drop(timeout(Duration::from_secs(seconds), closed).await);
    });
    &attacks.half_heads
}

/// Sends a body in chunks of one byte, and perhaps stops in the middle.
fn bytewise(attacks: &Attacks, port: u16, stops: bool) -> &AtomicU64 {
    tokio::spawn(async move {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let head = "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
        drop(stream.write_all(head.as_bytes()).await);
        let chunks = "1\r\nx\r\n".repeat(50_000);
        drop(stream.write_all(chunks.as_bytes()).await);
        if !stops {
            drop(stream.write_all(b"0\r\n\r\n").await);
        }
        let mut answer = [0; 64];
        let answered = stream.read(&mut answer);
        drop(timeout(Duration::from_secs(10), answered).await);
    });
    &attacks.bytewise
}
