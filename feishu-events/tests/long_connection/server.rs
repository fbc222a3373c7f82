//! The platform's side over real sockets, with or without TLS.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What must not be seen in any log.
pub(crate) const TICKET: &str = "ticket-of-the-socket";

/// A frame, as far as an event needs it.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Frame {
    #[prost(uint64, required, tag = "1")]
    pub(crate) seq_id: u64,
    #[prost(uint64, required, tag = "2")]
    pub(crate) log_id: u64,
    #[prost(int32, required, tag = "3")]
    pub(crate) service: i32,
    #[prost(int32, required, tag = "4")]
    pub(crate) method: i32,
    #[prost(message, repeated, tag = "5")]
    pub(crate) headers: Vec<Header>,
    #[prost(bytes = "vec", optional, tag = "8")]
    pub(crate) payload: Option<Vec<u8>>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Header {
    #[prost(string, required, tag = "1")]
    pub(crate) key: String,
    #[prost(string, required, tag = "2")]
    pub(crate) value: String,
}

/// The platform's end of a connection.
pub(crate) struct Peer(pub(crate) WebSocketStream<Box<dyn Stream>>);

/// Listens on a port of its own; the URL names its host as `host`.
pub(crate) async fn listen(
    host: &'static str,
    tls: Option<ServerConfig>,
) -> (SocketAddr, mpsc::UnboundedReceiver<Peer>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sockets, peers) = mpsc::unbounded_channel();
    let scheme = if tls.is_some() { "wss" } else { "ws" };
    let url = format!(
        "{scheme}://{host}:{}/ws?service_id=1&ticket={TICKET}",
        address.port()
    );
    let tls = tls.map(|config| TlsAcceptor::from(Arc::new(config)));
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, tls.clone(), url.clone(), sockets.clone()));
        }
    });
    (address, peers)
}

/// Serves one request of a client over any stream.
pub(crate) async fn serve(
    stream: impl Stream + 'static,
    tls: Option<TlsAcceptor>,
    url: String,
    sockets: mpsc::UnboundedSender<Peer>,
) -> Option<()> {
    let mut stream: Box<dyn Stream> = match tls {
        Some(tls) => Box::new(tls.accept(stream).await.ok()?),
        None => Box::new(stream),
    };
    let head = read_head(&mut stream).await?;
    if head.starts_with("POST ") {
        let data = json!({ "URL": url });
        let answer = json!({ "code": 0, "msg": "", "data": data }).to_string();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        stream.write_all((head + &answer).as_bytes()).await.ok()?;
        return stream.shutdown().await.ok();
    }
    let mut lines = head.lines();
    let key = lines.find_map(|line| line.strip_prefix("sec-websocket-key: "))?;
    let accept = derive_accept_key(key.as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await.ok()?;
    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
    sockets.send(Peer(socket)).ok()
}

/// Reads the head of a request, and the body if all of it is there already.
pub(crate) async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let mut lines = head.lines();
            let length = lines.find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                return Some(head);
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

impl Peer {
    /// Sends an event, and gives back the code of its answer.
    pub(crate) async fn send(&mut self, event: &Value) -> Option<Value> {
        let header = |key: &str, value: &str| Header {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        let frame = Frame {
            seq_id: 1,
            log_id: 2,
            service: 1,
            method: 1,
            headers: vec![header("type", "event"), header("message_id", "m-1")],
            payload: Some(event.to_string().into_bytes()),
        };
        let message = prost::Message::encode_to_vec(&frame);
        self.0.send(Message::Binary(message.into())).await.ok()?;
        loop {
            let Message::Binary(bytes) = self.0.next().await?.ok()? else {
                continue;
            };
            let frame: Frame = prost::Message::decode(bytes).unwrap();
            if frame.method == 1 {
                let answer: Value = serde_json::from_slice(&frame.payload.unwrap()).unwrap();
                return Some(answer["code"].clone());
            }
        }
    }

    /// Waits until the client has closed the connection.
    pub(crate) async fn closed(mut self) {
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

pub(crate) fn event() -> Value {
    json!({
        "schema": "2.0",
        "header": { "event_id": "e-1", "event_type": "contact.user.created_v3" },
        "event": {},
    })
}
