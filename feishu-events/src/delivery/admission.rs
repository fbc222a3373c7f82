//! How many events run and wait, and which: for limits and for the end.
//!
//! `tokio_util::task::TaskTracker` would replace only the wait for the last event, not the limits or the
//! list of events that were cut off, and adds `tokio-util` and the `futures` crates to the default build.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};

use super::answer::Refused;
use super::options::DeliveryOptions;
use crate::delivery::in_flight::InFlight;

/// Lets events in until there are too many, or until it is closed.
pub(super) struct Admission {
    slots: usize,
    memory_limit: usize,
    handlers: Semaphore,
    in_flight: Mutex<InFlightSet>,
    empty: Notify,
    cut_off: watch::Sender<bool>,
}

#[derive(Default)]
struct InFlightSet {
    closed: bool,
    /// A place for each event that is inside, and places that events have left.
    events: Vec<Option<Arc<InFlight>>>,
    left: Vec<usize>,
    /// The size of the events that are inside.
    bytes: usize,
}

impl InFlightSet {
    fn count(&self) -> usize {
        self.events.len() - self.left.len()
    }
}

/// The place of one event, free again when this is dropped.
pub(super) struct Slot {
    admission: Arc<Admission>,
    number: usize,
}

impl Admission {
    pub(super) fn new(options: &DeliveryOptions) -> Self {
        let slots = options
            .concurrency_limit
            .saturating_add(options.queue_limit);
        let handlers = options.concurrency_limit.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            slots: slots.max(1),
            memory_limit: options.memory_limit,
            handlers: Semaphore::new(handlers),
            in_flight: Mutex::default(),
            empty: Notify::new(),
            cut_off: watch::Sender::new(false),
        }
    }

    /// Lets an event in.
    pub(super) fn enter(self: &Arc<Self>, event: &Arc<InFlight>) -> Result<Slot, Refused> {
        let mut in_flight = self.in_flight();
        // Asked under the lock, so that no event comes in behind the one who waits for the last.
        if in_flight.closed {
            return Err(Refused::ShuttingDown);
        }
        if in_flight.count() >= self.slots {
            return Err(Refused::Busy);
        }
        let bytes = in_flight.bytes.saturating_add(event.event.bytes);
        // A single event may be larger, or it could never be handled.
        if bytes > self.memory_limit && in_flight.count() > 0 {
            return Err(Refused::TooManyBytes);
        }
        in_flight.bytes = bytes;
        let event = Some(Arc::clone(event));
        let free = in_flight.left.pop();
        let number = free.unwrap_or(in_flight.events.len());
        match in_flight.events.get_mut(number) {
            Some(slot) => *slot = event,
            None => in_flight.events.push(event),
        }
        Ok(Slot {
            admission: Arc::clone(self),
            number,
        })
    }

    /// The permission for one more handler, if one may run now and nobody waits for it.
    pub(super) fn handler_now(&self) -> Option<SemaphorePermit<'_>> {
        self.handlers.try_acquire().ok()
    }

    /// Waits until one more handler may run.
    pub(super) async fn handler(&self) -> SemaphorePermit<'_> {
        match self.handlers.acquire().await {
            Ok(permit) => permit,
            // Nobody closes the semaphore, so this is not reached.
            Err(_) => pending().await,
        }
    }

    /// What is inside, and how many bytes that is.
    pub(super) fn inside(&self) -> (Vec<Arc<InFlight>>, usize) {
        let in_flight = self.in_flight();
        let events = in_flight.events.iter().flatten().cloned().collect();
        (events, in_flight.bytes)
    }

    /// Lets no more events in; gives back how many are inside.
    pub(super) fn close(&self) -> usize {
        let mut in_flight = self.in_flight();
        in_flight.closed = true;
        in_flight.count()
    }

    /// Waits until nothing is inside.
    pub(super) async fn emptied(&self) {
        loop {
            let left = self.empty.notified();
            if self.in_flight().count() == 0 {
                return;
            }
            left.await;
        }
    }

    /// Stops what is inside, and tells what that was.
    pub(super) fn cut_off(&self) -> Vec<Arc<InFlight>> {
        let in_flight = self.in_flight();
        self.cut_off.send_replace(true);
        in_flight.events.iter().flatten().cloned().collect()
    }

    pub(super) fn is_cut_off(&self) -> bool {
        *self.cut_off.borrow()
    }

    /// Whether `act` did something before what is inside was to stop; after, it is not called.
    ///
    /// The end does not come while it acts, so it must wait for nothing.
    pub(super) fn before_cut_off(&self, act: impl FnOnce() -> bool) -> bool {
        let is_cut_off = self.cut_off.borrow();
        !*is_cut_off && act()
    }

    /// Waits until what is inside is to stop.
    async fn cut_off_signal(&self) {
        let mut cut_off = self.cut_off.subscribe();
        // The sender lives as long as the gate, so this ends with `true` only.
        if cut_off.wait_for(|cut_off| *cut_off).await.is_err() {
            pending::<()>().await;
        }
    }

    /// What comes of `future`, or `None` if what is inside is to stop before.
    pub(super) async fn unless_cut_off<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        // Who waits for nothing asks for no signal.
        let mut cut_off = pin!(self.cut_off_signal());
        poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => cut_off.as_mut().poll(context).map(|()| None),
        })
        .await
    }

    fn in_flight(&self) -> MutexGuard<'_, InFlightSet> {
        // Nothing in here panics half-way through a change.
        self.in_flight
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut in_flight = self.admission.in_flight();
        let slot = in_flight.events.get_mut(self.number);
        if let Some(left) = slot.and_then(Option::take) {
            in_flight.left.push(self.number);
            in_flight.bytes = in_flight.bytes.saturating_sub(left.event.bytes);
        }
        if in_flight.count() == 0 && in_flight.closed {
            self.admission.empty.notify_waiters();
        }
    }
}
