//! Answers clients' requests: endpoint discovery, and the handshake of a connection.

use std::io;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WebSocketFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::api::{ACCESS_TOKEN, CONNECTION_COUNT};
use super::connection;
use super::http::{Request, ignore, respond};
use super::message::SERVICE;
use super::platform::Platform;
use super::refusal::ConnectRefusal;
use super::state::{Command, GatewayState};

/// The path of endpoint discovery.
const ENDPOINT: &str = "/callback/ws/endpoint";

/// The path of the handshake.
const CONNECTIONS: &str = "/ws/v2";

/// The HTTP status of a refused handshake; the platform's is not known.
const HANDSHAKE_REFUSED: u16 = 400;

/// Accepts clients, from the network and in memory; never returns.
pub(super) async fn accept(
    listener: TcpListener,
    mut in_memory: mpsc::UnboundedReceiver<DuplexStream>,
    host: String,
    platform: Arc<Platform>,
) {
    let host: Arc<str> = host.into();
    let mut clients = JoinSet::new();
    loop {
        let (host, platform) = (Arc::clone(&host), Arc::clone(&platform));
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                // Without it, small frames are delayed; it fails only if the client has disconnected.
                drop(stream.set_nodelay(true));
                clients.spawn(async move { serve(stream, &host, &platform).await });
            }
            Some(stream) = in_memory.recv() => {
                clients.spawn(async move { serve(stream, &host, &platform).await });
            }
            Some(_) = clients.join_next() => {}
        }
    }
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, host: &str, platform: &Platform) {
    if let Err(error) = try_serve(stream, host, platform).await
        && error.kind() == io::ErrorKind::InvalidData
    {
        platform.with(|state| state.violation(format!("an invalid request: {error}")));
    }
}

async fn try_serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    host: &str,
    platform: &Platform,
) -> io::Result<()> {
    let Some(request) = Request::read(&mut stream).await? else {
        return Ok(());
    };
    let path = request.target.split('?').next().unwrap_or_default();
    match (request.method.as_str(), path) {
        ("POST", ENDPOINT) => {
            let answer = platform.with(|state| match state.next_refusal(false) {
                Some(refusal) => Err(refusal),
                None => Ok(state.endpoint(&request.body, host)),
            });
            match answer {
                Ok(body) => respond(&mut stream, 200, &[], &body).await,
                Err(refusal) => refuse(&mut stream, refusal).await,
            }
        }
        ("GET", CONNECTIONS) => accept_connection(stream, request, platform).await,
        ("POST", ACCESS_TOKEN) => {
            let answer = platform.with(|state| state.access_token(&request.body));
            respond(&mut stream, 200, &[], &answer).await
        }
        ("GET", CONNECTION_COUNT) => {
            let answer = platform.with(|state| state.connection_count(&request.headers));
            respond(&mut stream, 200, &[], &answer).await
        }
        (method, path) => {
            platform.with(|state| state.violation(format!("a request for {method} {path}")));
            respond(&mut stream, 404, &[], "").await
        }
    }
}

async fn accept_connection(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request,
    platform: &Platform,
) -> io::Result<()> {
    let key = request.headers.get("sec-websocket-key");
    let accept = key.map(|key| derive_accept_key(key.as_bytes()));
    let (sender, mut commands) = mpsc::unbounded_channel();
    let number = match platform.with(|state| state.handshake(&request.target, sender)) {
        Ok(number) => number,
        Err(refusal) => return refuse(&mut stream, refusal).await,
    };
    let registered = RegisteredConnection(platform, number);
    let mut response = format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-accept: {}\r\n\r\n",
        accept.unwrap_or_default()
    )
    .into_bytes();
    // Events pushed on connect are in the same packet as the response.
    let mut silenced = false;
    while let Ok(command) = commands.try_recv() {
        match command {
            Command::Send(bytes) => {
                let frame = WebSocketFrame::message(bytes, OpCode::Data(Data::Binary), true);
                frame.format(&mut response).map_err(io::Error::other)?;
            }
            Command::Silence => silenced = true,
            Command::Drop => return Ok(()),
        }
    }
    stream.write_all(&response).await?;
    stream.flush().await?;
    if silenced {
        ignore(&mut stream).await;
        return Ok(());
    }
    let socket =
        WebSocketStream::from_partially_read(stream, request.rest, Role::Server, None).await;
    connection::run(socket, number, commands, platform).await;
    drop(registered);
    Ok(())
}

/// Removes a connection from the state when it ends, for any reason.
struct RegisteredConnection<'a>(&'a Platform, u64);

impl Drop for RegisteredConnection<'_> {
    fn drop(&mut self) {
        self.0.with(|state| state.disconnected(self.1));
    }
}

async fn refuse(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    refusal: ConnectRefusal,
) -> io::Result<()> {
    match refusal {
        ConnectRefusal::Endpoint { code, message } => {
            let body = json!({ "code": code, "msg": message }).to_string();
            respond(stream, 200, &[], &body).await
        }
        ConnectRefusal::EndpointStatus(status) | ConnectRefusal::HandshakeStatus(status) => {
            respond(stream, status, &[], "").await
        }
        ConnectRefusal::EndpointBody(body) => respond(stream, 200, &[], &body).await,
        ConnectRefusal::Handshake {
            status,
            auth_code,
            message,
        } => {
            let mut headers = vec![
                ("Handshake-Status", status.to_string()),
                ("Handshake-Msg", message),
            ];
            headers.extend(auth_code.map(|code| ("Handshake-Autherrcode", code.to_string())));
            respond(stream, HANDSHAKE_REFUSED, &headers, "").await
        }
        ConnectRefusal::EndpointSilence | ConnectRefusal::HandshakeSilence => {
            ignore(stream).await;
            Ok(())
        }
    }
}

impl GatewayState {
    /// Takes the next refusal, if it applies to this step.
    fn next_refusal(&mut self, handshake: bool) -> Option<ConnectRefusal> {
        let refusal = self.refusals.front()?;
        if refusal.is_of_handshake() == handshake {
            self.refusals.pop_front()
        } else {
            None
        }
    }

    /// The answer of endpoint discovery.
    fn endpoint(&mut self, body: &[u8], host: &str) -> String {
        let credentials: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| {
            credentials
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let refusal = match (text("AppID"), text("AppSecret")) {
            (id, secret) if id.is_empty() || secret.is_empty() => {
                Some(ConnectRefusal::no_credential())
            }
            (id, secret) if id == self.options.app_id && secret == self.options.app_secret => None,
            _ => Some(ConnectRefusal::wrong_secret()),
        };
        if let Some(ConnectRefusal::Endpoint { code, message }) = refusal {
            return json!({ "code": code, "msg": message }).to_string();
        }
        let ticket = format!("{:032x}", self.random.u128(..));
        let url = format!(
            "ws://{host}{CONNECTIONS}?fpid=493&aid=552564&device_id={}&access_key={:032x}\
             &service_id={SERVICE}&ticket={ticket}",
            self.random.u64(1 << 60..),
            self.random.u128(..)
        );
        self.tickets.insert(ticket);
        json!({
            "code": 0,
            "msg": "",
            "data": { "URL": url, "ClientConfig": self.settings },
        })
        .to_string()
    }

    /// Registers a client's connection and returns its number.
    fn handshake(
        &mut self,
        target: &str,
        commands: mpsc::UnboundedSender<Command>,
    ) -> Result<u64, ConnectRefusal> {
        if let Some(refusal) = self.next_refusal(true) {
            return Err(refusal);
        }
        let ticket = target.rsplit_once("&ticket=");
        if !ticket.is_some_and(|(_, ticket)| self.tickets.remove(ticket)) {
            self.violation("a handshake without a ticket, or with one that was used before");
            return Err(ConnectRefusal::forbidden());
        }
        if self.connections.len() >= self.options.connection_limit {
            return Err(ConnectRefusal::connection_limit());
        }
        Ok(self.connected(commands))
    }
}
