//! The end of a connection that the platform has closed: it may still be listening to answers.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WebSocketFrame;

use super::socket::Incoming;
use super::writer::{Pongs, Writer};
use crate::long_connection::failure::Failure;

/// How long answers are sent after the platform has closed the connection: it waits no longer for one.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// How long the platform has to end the connection when both have said that they close it.
const END_WITHIN: Duration = Duration::from_secs(1);

/// What can still be said over a connection that the platform sends nothing over any more.
pub(super) enum LastWords {
    /// Answers, and then that the connection is closed.
    AnswersAndClose(Option<CloseFrame>),
    /// Answers: the platform's end of the stream is closed, and maybe ours is too.
    Answers,
    Nothing,
}

/// The connection, for those who say the last words.
pub(super) struct Farewell {
    pub(super) writer: Writer,
    pub(super) frames: mpsc::Receiver<WebSocketFrame>,
    pub(super) incoming: Incoming,
}

impl Farewell {
    /// Sends the answers that are due, while the client is already reconnecting.
    pub(super) async fn say(mut self, words: LastWords) {
        let said = match words {
            LastWords::Nothing => return,
            LastWords::Answers => self.answers().await,
            LastWords::AnswersAndClose(bye) => match self.answers().await {
                Ok(()) => self.writer.close(bye).await,
                Err(failure) => Err(failure),
            },
        };
        match said {
            Ok(()) => drop(timeout(END_WITHIN, self.incoming.next()).await),
            Err(failure) => tracing::debug!(
                %failure,
                "the last answers could not be sent: their events come again"
            ),
        }
    }

    async fn answers(&mut self) -> Result<(), Failure> {
        let pongs = Pongs::default();
        let sending = self.writer.run(&mut self.frames, &pongs);
        timeout(ANSWERS_WITHIN, sending).await.unwrap_or_else(|_| {
            tracing::debug!("the answers to some events are late: they come again");
            Ok(())
        })
    }
}
