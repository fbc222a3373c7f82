//! The signal that ends a client.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{Either, select};

/// The signal that ends a client: it comes once, and is remembered.
pub(super) struct Shutdown<'a, S> {
    signal: Pin<&'a mut S>,
    flag: Flag,
}

/// Whether the signal has come.
#[derive(Clone, Default)]
pub(super) struct Flag(Arc<AtomicBool>);

impl Flag {
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl<'a, S: Future<Output = ()>> Shutdown<'a, S> {
    pub(super) fn new(signal: Pin<&'a mut S>) -> Self {
        let flag = Flag::default();
        Self { signal, flag }
    }

    pub(super) fn flag(&self) -> Flag {
        self.flag.clone()
    }

    /// Waits for the signal.
    pub(super) async fn wait(&mut self) {
        if !self.flag.is_set() {
            self.signal.as_mut().await;
            self.flag.0.store(true, Ordering::Release);
        }
    }

    /// Works until the signal comes; `None` if it came before the work was done.
    pub(super) async fn unless<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let work = std::pin::pin!(work);
        let wait = std::pin::pin!(self.wait());
        match select(wait, work).await {
            Either::Left(((), _)) => None,
            Either::Right((done, _)) => Some(done),
        }
    }
}
