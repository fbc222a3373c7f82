//! Serves one client's connection after the handshake.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::http::ignore;
use super::message::pong;
use super::platform::Platform;
use super::state::Command;
use crate::long_connection::session::frame::{Frame, Kind, Method};

/// How many frames are written at a time.
const BATCH: usize = 64;

/// Why the frames of a connection are no longer served.
enum Stop {
    /// The connection has ended or is to be closed.
    Ended,
    /// The connection is to stay open without responding.
    Silenced,
}

/// Serves a connection until it ends.
pub(super) async fn run<S>(
    socket: WebSocketStream<S>,
    number: u64,
    mut commands: mpsc::UnboundedReceiver<Command>,
    platform: &Platform,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut sink, mut source) = socket.split();
    // Concurrently: waiting for one to finish could block both sides forever.
    let stop = tokio::select! {
        () = read(&mut source, number, platform) => Stop::Ended,
        stop = write(&mut sink, &mut commands) => stop,
    };
    if let (Stop::Silenced, Ok(mut socket)) = (stop, source.reunite(sink)) {
        // Reads the stream below the WebSocket, so that its pings are not answered either.
        tokio::select! {
            () = ignore(socket.get_mut()) => {}
            () = drop_command(&mut commands) => {}
        }
    }
}

async fn read<S>(source: &mut SplitStream<WebSocketStream<S>>, number: u64, platform: &Platform)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = source.next().await {
        match message {
            Ok(Message::Binary(bytes)) => match Frame::decode(bytes) {
                Ok(frame) => received(&frame, number, platform),
                Err(error) => platform.with(|state| state.violation(error.to_string())),
            },
            Ok(Message::Text(_)) => platform.with(|state| state.violation("a text message")),
            Ok(_) => {}
            Err(Error::Protocol(error)) => {
                platform.with(|state| state.violation(format!("a connection ended: {error}")));
                return;
            }
            Err(_) => return,
        }
    }
}

fn received(frame: &Frame, number: u64, platform: &Platform) {
    platform.with(|state| match (frame.method(), frame.kind()) {
        (Method::Control, Kind::Ping) => {
            if frame.service != super::message::SERVICE {
                state.violation(format!("a ping of service {}", frame.service));
            }
            let settings = state.settings.to_string();
            state.send(number, pong(&settings));
        }
        (Method::Data, _) => state.answered(number, frame),
        (method, kind) => state.violation(format!("a frame of {method:?}, {kind:?}")),
    });
}

async fn write<S>(
    sink: &mut SplitSink<WebSocketStream<S>, Message>,
    commands: &mut mpsc::UnboundedReceiver<Command>,
) -> Stop
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut batch = Vec::with_capacity(BATCH);
    while commands.recv_many(&mut batch, BATCH).await > 0 {
        for command in batch.drain(..) {
            let written = match command {
                Command::Send(bytes) => sink.feed(Message::Binary(bytes)).await,
                Command::Silence => return Stop::Silenced,
                Command::Drop => return Stop::Ended,
            };
            if written.is_err() {
                return Stop::Ended;
            }
        }
        if sink.flush().await.is_err() {
            return Stop::Ended;
        }
    }
    Stop::Ended
}

/// Waits for [`Command::Drop`].
async fn drop_command(commands: &mut mpsc::UnboundedReceiver<Command>) {
    while let Some(command) = commands.recv().await {
        if matches!(command, Command::Drop) {
            return;
        }
    }
}
