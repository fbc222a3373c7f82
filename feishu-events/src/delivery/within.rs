//! Time limits for futures that are usually ready at once.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// A moment that is never reached: what `Duration::MAX` means.
const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The moment `time` after `start`, however long that is.
pub(crate) fn after(start: Instant, time: Duration) -> Instant {
    start.checked_add(time).unwrap_or_else(|| start + FAR)
}

/// The result of `future`, or `None` if it has none at `deadline`.
///
/// A future that is ready at once costs neither a timer nor a clock read.
pub(crate) async fn within<T>(
    deadline: impl FnOnce() -> Instant,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    let first = poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await;
    match first {
        Poll::Ready(output) => Some(output),
        Poll::Pending => timeout_at(deadline(), future).await.ok(),
    }
}
