//! Time limits for what is mostly done at once.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::time::{Instant, timeout_at};

/// The result of `future`, or `None` if it has none at `deadline`.
///
/// A future that waits for nothing costs neither a timer nor a look at the clock.
pub(super) async fn within<T>(
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
