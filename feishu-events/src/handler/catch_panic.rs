//! Running a handler so that its panic is its own failure and nobody else's.

use std::any::Any;
#[cfg(feature = "long-connection")]
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
#[cfg(feature = "long-connection")]
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::handler::reply::{HandlerError, Handling, Reply};

/// Why a handler did not handle its event.
pub(crate) enum Caught {
    /// It said so.
    Failed(HandlerError),
    /// It panicked, with this message.
    Panicked(String),
}

/// Polls a handler; a panic ends it with [`Caught::Panicked`].
pub(crate) fn poll_caught(
    handling: &mut Handling,
    cx: &mut Context<'_>,
) -> Poll<Result<Reply, Caught>> {
    // It is polled no more after a panic, so nobody sees what it left half done.
    match catch_panic(|| handling.as_mut().poll(cx)) {
        Ok(poll) => poll.map_err(Caught::Failed),
        Err(message) => Poll::Ready(Err(Caught::Panicked(message))),
    }
}

/// Calls `run`; the error is the message of its panic.
///
/// What `run` borrows must not be used after a panic, as far as it can be left half done.
pub(crate) fn catch_panic<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(run)).map_err(|panic| message(&*panic))
}

/// Polls once; the error is the message of a panic, after which nobody may poll again.
#[cfg(feature = "long-connection")]
pub(crate) async fn poll_once<T>(
    mut future: Pin<&mut impl Future<Output = T>>,
) -> Result<Poll<T>, String> {
    poll_fn(|context| Poll::Ready(catch_panic(|| future.as_mut().poll(context)))).await
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a value that is not a string".to_owned())
}
