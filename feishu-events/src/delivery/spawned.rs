//! Tasks of one type, whatever they run.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll};

use tracing::Span;

use crate::handler::catch_panic::catch_panic;

/// A future of this crate behind one type. What an `async fn` makes is compiled again in each crate
/// that waits for it, and tokio's code for tasks for each type of task.
pub(super) type Running<T = ()> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Runs to the end in a task, as part of the span; a panic is reported.
pub(super) fn spawn(run: Running, span: Span) {
    tokio::spawn(Spawned { run, span });
}

struct Spawned {
    run: Running,
    span: Span,
}

impl Future for Spawned {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Self { run, span } = &mut *self;
        match catch_panic(|| span.in_scope(|| run.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(message) => {
                log_panic(span, &message);
                Poll::Ready(())
            }
        }
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        // What is cut off says so in the log, as part of its event.
        self.span.in_scope(|| self.run = Box::pin(ready(())));
    }
}

pub(super) fn log_panic(span: &Span, message: &str) {
    tracing::error!(parent: span, message, "the store or a hook panicked");
}
