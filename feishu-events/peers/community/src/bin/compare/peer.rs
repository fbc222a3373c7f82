//! Who is compared, and how.

use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::samples::Sample;

/// What is done with the samples.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// From plain bytes to a handler that gets the event with its type.
    Dispatch,
    /// The same from a request that is signed and encrypted.
    Receive,
    /// The payload alone, as text, to its type, which is known.
    Payload,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dispatch => "bytes to a typed handler",
            Self::Receive => "a signed and encrypted request to a typed handler",
            Self::Payload => "a payload to its type",
        }
    }
}

/// Who is compared.
pub(crate) trait Peer {
    /// Name and version.
    fn name(&self) -> &str;

    /// How many event types it has types for; callbacks are not counted.
    fn events(&self) -> usize;

    /// Takes these samples for what is measured from now on; says which of them reach a handler
    /// with their type.
    fn load(&mut self, samples: &[Sample]) -> Vec<bool>;

    /// What can be measured.
    fn ways(&self) -> &'static [Way];

    /// How often that is worth measuring.
    fn rounds(&self) -> usize {
        300
    }

    /// How long it takes with all samples.
    fn time(&mut self, way: Way) -> Duration;
}

/// A crate's name and version.
pub(crate) fn named(package: &str) -> String {
    let lock = include_str!("../../../Cargo.lock");
    let begin = format!("name = \"{package}\"\nversion = \"");
    let version = lock
        .split_once(&begin)
        .and_then(|(_, rest)| rest.split_once('"'));
    format!("{package} {}", version.unwrap().0)
}

/// How often a handler was called.
static CALLS: AtomicUsize = AtomicUsize::new(0);

/// All that the handlers do, whosever they are.
pub(crate) fn handle<T>(event: T) {
    CALLS.fetch_add(1, Ordering::Relaxed);
    drop(std::hint::black_box(event));
}

/// Whether a handler is called by this.
pub(crate) fn is_handled(dispatch: impl FnOnce()) -> bool {
    let before = CALLS.load(Ordering::Relaxed);
    dispatch();
    CALLS.load(Ordering::Relaxed) > before
}

pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// Runs a future that never waits.
pub(crate) fn now<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("these handlers do not wait"),
    }
}

/// Time for receivers that want a runtime.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap()
}
