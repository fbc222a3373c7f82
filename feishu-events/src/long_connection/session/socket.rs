//! A WebSocket in two halves that do not wait for each other.
//!
//! tungstenite reads. It would write, too: answers to pings, which it keeps without a limit while the
//! platform does not read them, and, when the platform closes the connection, its own closing at
//! once, so that the answers that are due can no longer be sent. So what it writes is discarded, and
//! [`writer`](super::writer) writes everything.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, ReadHalf, WriteHalf, split};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::activity::ActivityStamp;
use crate::long_connection::connect::dial::DialStream;

/// The memory that a connection needs for reading.
const BUFFER: usize = 16 * 1024;

/// A stream that notes when something came.
type Stream = ActivityStamp<Box<dyn DialStream>>;

/// Messages of the platform.
pub(super) type Incoming = WebSocketStream<ReadOnly<ReadHalf<Stream>>>;

/// Where frames are written.
pub(super) type Outgoing = WriteHalf<Stream>;

/// An open WebSocket.
pub(in crate::long_connection) struct Socket {
    pub(super) incoming: Incoming,
    pub(super) outgoing: Outgoing,
}

impl Socket {
    /// The client's end of a WebSocket with messages of at most `limit` bytes; `first` has been
    /// read already.
    pub(in crate::long_connection) async fn new(
        stream: Stream,
        first: Vec<u8>,
        limit: usize,
    ) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .max_message_size(Some(limit))
            .max_frame_size(Some(limit));
        let (reads, outgoing) = split(stream);
        let (reads, config) = (ReadOnly(reads), Some(config));
        let incoming = WebSocketStream::from_partially_read(reads, first, Role::Client, config);
        Self {
            incoming: incoming.await,
            outgoing,
        }
    }
}

/// A stream that discards what is written to it.
#[derive(Debug)]
pub(super) struct ReadOnly<S>(S);

impl<S: AsyncRead + Unpin> AsyncRead for ReadOnly<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: Unpin> AsyncWrite for ReadOnly<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
