//! When something came last, byte for byte: a large message that comes slowly is a sign of life;
//! and when the platform itself said something last, which the gateway in front of it cannot do.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// When something came last.
#[derive(Debug)]
pub(in crate::long_connection) struct LastActivity(Mutex<Activity>);

/// A sign of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::long_connection) struct Activity {
    pub(in crate::long_connection) at: Instant,
    /// How many came before it: two in the same moment are two.
    pub(in crate::long_connection) number: u64,
}

impl LastActivity {
    /// It begins as if something came now.
    pub(in crate::long_connection) fn new() -> Self {
        Self(Mutex::new(Activity {
            at: Instant::now(),
            number: 0,
        }))
    }

    pub(in crate::long_connection) fn note(&self) {
        let mut sign = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sign.at = Instant::now();
        sign.number += 1;
    }

    pub(in crate::long_connection) fn sign(&self) -> Activity {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When the platform itself said something last, if it is one that answers its own pings.
///
/// A gateway may go on answering WebSocket pings for a platform that has forgotten the connection.
#[derive(Debug, Default)]
pub(in crate::long_connection) struct LastFrame(Mutex<Option<Instant>>);

impl LastFrame {
    /// An answer to a ping came: from now on, answers are expected.
    pub(in crate::long_connection) fn note_pong(&self) {
        *self.lock() = Some(Instant::now());
    }

    /// Another frame came.
    pub(in crate::long_connection) fn note(&self, at: Instant) {
        if let Some(last) = &mut *self.lock() {
            *last = at;
        }
    }

    /// When the last one came, if answers are expected.
    pub(in crate::long_connection) fn at(&self) -> Option<Instant> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that notes when something came.
#[derive(Debug)]
pub(in crate::long_connection) struct ActivityStamp<S> {
    stream: S,
    last: Arc<LastActivity>,
}

impl<S> ActivityStamp<S> {
    pub(in crate::long_connection) fn new(stream: S, last: Arc<LastActivity>) -> Self {
        Self { stream, last }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ActivityStamp<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.last.note();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ActivityStamp<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
