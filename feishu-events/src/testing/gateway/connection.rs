//! One client's connection, from the handshake on.

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

/// Why a connection is left.
enum Left {
    /// The client is gone, or shall be.
    Ended,
    /// The client shall not notice anything.
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
    // Side by side: a client may have to write before it can read on, and so may we.
    let left = tokio::select! {
        () = read(&mut source, number, platform) => Left::Ended,
        left = write(&mut sink, &mut commands) => left,
    };
    if let (Left::Silenced, Ok(mut socket)) = (left, source.reunite(sink)) {
        // Below the WebSocket: its pings are not answered either.
        tokio::select! {
            () = ignore(socket.get_mut()) => {}
            () = dropped(&mut commands) => {}
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
                Err(error) => platform.with(|state| state.remark(error.to_string())),
            },
            Ok(Message::Text(_)) => platform.with(|state| state.remark("a text message")),
            Ok(_) => {}
            Err(Error::Protocol(error)) => {
                platform.with(|state| state.remark(format!("a connection ended: {error}")));
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
                state.remark(format!("a ping of service {}", frame.service));
            }
            let settings = state.settings.to_string();
            state.send(number, pong(&settings));
        }
        (Method::Data, _) => state.answered(number, frame),
        (method, kind) => state.remark(format!("a frame of {method:?}, {kind:?}")),
    });
}

async fn write<S>(
    sink: &mut SplitSink<WebSocketStream<S>, Message>,
    commands: &mut mpsc::UnboundedReceiver<Command>,
) -> Left
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut batch = Vec::with_capacity(BATCH);
    while commands.recv_many(&mut batch, BATCH).await > 0 {
        for command in batch.drain(..) {
            let written = match command {
                Command::Send(bytes) => sink.feed(Message::Binary(bytes)).await,
                Command::Silence => return Left::Silenced,
                Command::Drop => return Left::Ended,
            };
            if written.is_err() {
                return Left::Ended;
            }
        }
        if sink.flush().await.is_err() {
            return Left::Ended;
        }
    }
    Left::Ended
}

async fn dropped(commands: &mut mpsc::UnboundedReceiver<Command>) {
    while let Some(command) = commands.recv().await {
        if matches!(command, Command::Drop) {
            return;
        }
    }
}
