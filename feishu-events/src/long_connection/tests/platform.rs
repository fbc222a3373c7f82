//! The platform's side of a connection, in memory, so that time can be paused.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::long_connection::connect::dial::{Dial, DialStream, Dialing};
use crate::long_connection::session::frame::{Frame, Headers, Kind, Method, key};

/// The ticket in the URL of the socket, which must never be seen.
pub(super) const TICKET: &str = "ticket-of-the-socket";

/// How a request is answered.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// As it should be; the bytes follow the head of the WebSocket's answer in the same packet.
    Good(Vec<u8>),
    /// To the request for an address, with this status and body.
    Endpoint(u16, Value),
    /// To the request for a WebSocket, with this head and no body.
    Handshake(String),
    /// Not at all.
    Silence,
    /// The stream is closed.
    Hangup,
}

type Plan = Arc<dyn Fn(u64) -> Reply + Send + Sync>;

/// The platform: what it answers to which attempt, and the sockets that came of it.
#[derive(Clone)]
pub(super) struct Platform {
    plan: Plan,
    config: Value,
    sockets: mpsc::UnboundedSender<Peer>,
    attempts: Arc<std::sync::atomic::AtomicU64>,
}

/// The platform's end of a connection.
pub(super) struct Peer {
    pub(super) socket: WebSocketStream<DuplexStream>,
}

impl Platform {
    /// A platform that answers the attempts, counted from 1, as planned.
    pub(super) fn new(
        plan: impl Fn(u64) -> Reply + Send + Sync + 'static,
    ) -> (Self, mpsc::UnboundedReceiver<Peer>) {
        let (sockets, peers) = mpsc::unbounded_channel();
        let config = json!({
            "PingInterval": 5, "ReconnectCount": -1, "ReconnectInterval": 1, "ReconnectNonce": 1,
        });
        let platform = Self {
            plan: Arc::new(plan),
            config,
            sockets,
            attempts: Arc::default(),
        };
        (platform, peers)
    }

    pub(super) fn good() -> (Self, mpsc::UnboundedReceiver<Peer>) {
        Self::new(|_| Reply::Good(Vec::new()))
    }

    /// The settings that come with the address; those of [`new`](Self::new) make tests short.
    pub(super) fn config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    pub(super) fn attempts(&self) -> u64 {
        self.attempts.load(std::sync::atomic::Ordering::SeqCst)
    }

    async fn serve(self, mut stream: DuplexStream) {
        let Some((head, body)) = read_request(&mut stream).await else {
            return;
        };
        if head.starts_with("POST /callback/ws/endpoint ") {
            let attempts = &self.attempts;
            let attempt = attempts.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            let request: Value = serde_json::from_slice(&body).unwrap();
            assert!(request["AppID"].is_string() && request["AppSecret"].is_string());
            let (status, answer) = match (self.plan)(attempt) {
                Reply::Endpoint(status, answer) => (status, answer),
                Reply::Silence => std::future::pending().await,
                Reply::Hangup => return,
                Reply::Good(_) | Reply::Handshake(_) => {
                    let url = format!(
                        "ws://gateway.test/ws/v2?service_id=33554678&device_id=d{attempt}\
                         &ticket={TICKET}"
                    );
                    let data = json!({ "URL": url, "ClientConfig": self.config });
                    (200, json!({ "code": 0, "msg": "success", "data": data }))
                }
            };
            let answer = answer.to_string();
            let head = format!(
                "HTTP/1.1 {status} -\r\ncontent-length: {}\r\n\r\n{answer}",
                answer.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            return;
        }
        assert!(head.starts_with("GET /ws/v2?service_id="), "{head}");
        let first = match (self.plan)(self.attempts()) {
            Reply::Good(first) => first,
            Reply::Handshake(head) => {
                stream.write_all(head.as_bytes()).await.unwrap();
                return;
            }
            _ => return,
        };
        let mut lines = head.lines();
        let key = lines.find_map(|line| line.strip_prefix("sec-websocket-key: "));
        let accept = derive_accept_key(key.unwrap().as_bytes());
        let mut answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nconnection: Upgrade\r\n\
             sec-websocket-accept: {accept}\r\n\r\n"
        )
        .into_bytes();
        answer.extend_from_slice(&first);
        stream.write_all(&answer).await.unwrap();
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
        // Nobody may be waiting for it.
        drop(self.sockets.send(Peer { socket }));
    }
}

impl Dial for Platform {
    fn dial<'a>(&'a self, _: &'a str, _: u16) -> Dialing<'a> {
        let (ours, theirs) = duplex(256 * 1024);
        tokio::spawn(self.clone().serve(theirs));
        Box::pin(async move { Ok(Box::new(ours) as Box<dyn DialStream>) })
    }
}

async fn read_request(stream: &mut DuplexStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some((head, bytes[end..].to_vec()))
}

impl Peer {
    pub(super) async fn send(&mut self, frame: Frame) {
        self.send_bytes(frame.encode()).await;
    }

    pub(super) async fn send_bytes(&mut self, bytes: Bytes) {
        self.socket.send(Message::Binary(bytes)).await.unwrap();
    }

    /// The next frame that the client sends; `None` if it closed the connection.
    pub(super) async fn next(&mut self) -> Option<Frame> {
        loop {
            match self.socket.next().await? {
                Ok(Message::Binary(bytes)) => return Some(Frame::decode(bytes).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next answer to an event, pings answered; `None` if the connection was closed.
    pub(super) async fn answer(&mut self) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            match frame.kind() {
                Kind::Ping => self.send(pong("")).await,
                _ => return Some(frame),
            }
        }
    }

    /// Answers pings until the connection is closed.
    pub(super) async fn idle(&mut self) {
        while self.answer().await.is_some() {}
    }
}

pub(super) fn pong(payload: &str) -> Frame {
    Frame {
        headers: Headers::from([(key::TYPE, Kind::PONG)]),
        payload: Some(Bytes::copy_from_slice(payload.as_bytes())),
        ..Frame::ping(33_554_678)
    }
}

/// An event of the type `test.plain_v1`.
pub(super) fn event(id: &str, payload: &Value) -> Frame {
    let envelope = json!({
        "schema": "2.0",
        "header": { "event_id": id, "event_type": "test.plain_v1", "app_id": "cli_x" },
        "event": payload,
    });
    data(id, &envelope)
}

pub(super) fn data(id: &str, envelope: &Value) -> Frame {
    Frame {
        seq_id: 1,
        log_id: u64::MAX,
        service: 33_554_678,
        method: Method::DATA,
        headers: Headers::from([
            (key::TYPE, Kind::EVENT),
            (key::MESSAGE_ID, &format!("m-{id}")),
            (key::SUM, "1"),
            (key::SEQ, "0"),
        ]),
        payload: Some(Bytes::from(envelope.to_string())),
        ..Frame::default()
    }
}

/// Gives a header of a frame another value.
pub(super) fn set(frame: &mut Frame, key: &str, value: &str) {
    let headers = frame.headers.iter();
    let headers = headers.map(|(name, old)| (name, if name == key { value } else { old }));
    frame.headers = headers.collect();
}

/// The message in which an answer came, and its code.
pub(super) fn answered(frame: &Frame) -> (String, u64) {
    let payload: Value = serde_json::from_slice(frame.payload.as_ref().unwrap()).unwrap();
    let id = frame.header(key::MESSAGE_ID).unwrap_or_default();
    (id.to_owned(), payload["code"].as_u64().unwrap())
}

/// A message as a server writes it, without a mask: for what follows a head in one packet.
pub(super) fn unmasked(frame: Frame) -> Vec<u8> {
    let payload = frame.encode();
    let length = u16::try_from(payload.len()).unwrap();
    assert!(length > 125);
    let mut bytes = vec![0x82, 126];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(&payload);
    bytes
}
