//! Sending: answers and pings, in the order they come.

use std::time::Duration;

use futures_util::stream::SplitSink;
use futures_util::{Sink, SinkExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::long_connection::connect::upgrade::Socket;
use crate::long_connection::failure::{Failure, Step};

/// How many messages are sent together.
const TOGETHER: usize = 64;

/// Sends what comes, and closes the connection when nobody is left who sends.
pub(super) async fn run(
    mut sink: SplitSink<Socket, Message>,
    mut messages: mpsc::Receiver<Message>,
    limit: Duration,
) -> Result<(), Failure> {
    while let Some(message) = messages.recv().await {
        let sending = async {
            sink.feed(message).await?;
            for _ in 1..TOGETHER {
                let Ok(message) = messages.try_recv() else {
                    break;
                };
                sink.feed(message).await?;
            }
            sink.flush().await
        };
        within(limit, sending).await?;
    }
    let bye = CloseFrame {
        code: CloseCode::Normal,
        reason: "".into(),
    };
    within(limit, close(&mut sink, bye)).await
}

async fn close(
    sink: &mut (impl Sink<Message, Error = Error> + Unpin),
    bye: CloseFrame,
) -> Result<(), Error> {
    sink.send(Message::Close(Some(bye))).await
}

async fn within(
    limit: Duration,
    sending: impl Future<Output = Result<(), Error>>,
) -> Result<(), Failure> {
    match timeout(limit, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Failure::broken(error)),
        Err(_) => Err(Failure::timed_out(Step::Write, "the long connection")),
    }
}
