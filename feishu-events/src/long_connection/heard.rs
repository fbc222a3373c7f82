//! When something came last, byte for byte: a large message that comes slowly is a sign of life.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// When something came last.
#[derive(Debug)]
pub(super) struct LastHeard(Mutex<Sign>);

/// A sign of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) at: Instant,
    /// How many came before it: two in the same moment are two.
    pub(super) number: u64,
}

impl LastHeard {
    /// It begins as if something came now.
    pub(super) fn new() -> Self {
        Self(Mutex::new(Sign {
            at: Instant::now(),
            number: 0,
        }))
    }

    pub(super) fn now(&self) {
        let mut sign = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sign.at = Instant::now();
        sign.number += 1;
    }

    pub(super) fn sign(&self) -> Sign {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that notes when something came.
#[derive(Debug)]
pub(super) struct Heard<S> {
    stream: S,
    last: Arc<LastHeard>,
}

impl<S> Heard<S> {
    pub(super) fn new(stream: S, last: Arc<LastHeard>) -> Self {
        Self { stream, last }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.last.now();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<S> {
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
