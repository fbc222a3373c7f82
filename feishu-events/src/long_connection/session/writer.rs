//! Sending: answers and pings, in the order they come.

use std::future::poll_fn;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::task::AtomicWaker;
use tokio::io::AsyncWriteExt;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WebSocketFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::socket::Outgoing;
use crate::long_connection::failure::{Failure, Step};

/// How many frames are sent together.
const TOGETHER: usize = 64;

/// How much memory is kept for the next frames.
const BUFFER: usize = 16 * 1024;

/// Writes frames. What is being written when a future is dropped is written by the next one.
pub(super) struct Writer {
    stream: Outgoing,
    /// What has not been written.
    buffer: BytesMut,
    is_flushed: bool,
    /// How long writing may take.
    limit: Duration,
}

impl Writer {
    pub(super) fn new(stream: Outgoing, limit: Duration) -> Self {
        Self {
            stream,
            buffer: BytesMut::new(),
            is_flushed: true,
            limit,
        }
    }

    /// Sends what comes, until nobody is left who sends.
    pub(super) async fn run(
        &mut self,
        frames: &mut mpsc::Receiver<WebSocketFrame>,
        pongs: &Pongs,
    ) -> Result<(), Failure> {
        loop {
            self.flush().await?;
            let next = poll_fn(|context| match frames.poll_recv(context) {
                Poll::Pending => pongs.poll_next(context).map(Some),
                ready @ Poll::Ready(_) => ready,
            });
            let Some(frame) = next.await else {
                return Ok(());
            };
            self.put(frame);
            if let Some(pong) = pongs.take() {
                self.put(pong);
            }
            for _ in 1..TOGETHER {
                let Ok(frame) = frames.try_recv() else {
                    break;
                };
                self.put(frame);
            }
        }
    }

    /// Sends what comes, until nobody is left who sends, and says that this was all.
    pub(super) async fn run_and_close(
        &mut self,
        frames: &mut mpsc::Receiver<WebSocketFrame>,
        pongs: &Pongs,
    ) -> Result<(), Failure> {
        self.run(frames, pongs).await?;
        let bye = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        self.close(Some(bye)).await
    }

    /// Says that nothing more comes.
    pub(super) async fn close(&mut self, bye: Option<CloseFrame>) -> Result<(), Failure> {
        self.put(WebSocketFrame::close(bye));
        self.flush().await
    }

    fn put(&mut self, mut frame: WebSocketFrame) {
        // It keeps programs that choose what is sent, such as scripts of a web page, from fooling
        // proxies. There are none here, so that any random number does.
        frame.header_mut().mask = Some(fastrand::u32(..).to_ne_bytes());
        // Memory takes all that is written to it.
        drop(frame.format(&mut (&mut self.buffer).writer()));
        self.is_flushed = false;
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        if self.is_flushed {
            return Ok(());
        }
        let writing = async {
            while !self.buffer.is_empty() {
                if self.stream.write_buf(&mut self.buffer).await? == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
            }
            self.stream.flush().await
        };
        match timeout(self.limit, writing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(Failure::broken(error)),
            Err(_) => return Err(Failure::timed_out(Step::Write, "the long connection")),
        }
        self.is_flushed = true;
        if self.buffer.capacity() > BUFFER {
            self.buffer = BytesMut::new();
        }
        Ok(())
    }
}

/// The answer to a WebSocket ping, until it is sent: only the last ping is answered, so that one who
/// sends them and does not read costs no memory.
#[derive(Debug, Default)]
pub(super) struct Pongs {
    last: Mutex<Option<Bytes>>,
    writer: AtomicWaker,
}

impl Pongs {
    pub(super) fn put(&self, ping: Bytes) {
        *self.last() = Some(ping);
        self.writer.wake();
    }

    fn take(&self) -> Option<WebSocketFrame> {
        self.last().take().map(WebSocketFrame::pong)
    }

    fn poll_next(&self, context: &mut Context<'_>) -> Poll<WebSocketFrame> {
        self.writer.register(context.waker());
        self.take().map_or(Poll::Pending, Poll::Ready)
    }

    fn last(&self) -> MutexGuard<'_, Option<Bytes>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
