//! How many events run and wait, and which: for limits and for the end.
//!
//! `tokio_util::task::TaskTracker` would replace only the wait for the last event, not the limits or the
//! list of events that were cut off, and adds `tokio-util` and the `futures` crates to the default build.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};
use tokio::time::Instant;

use super::answer::Refused;
use super::options::DeliveryOptions;
use crate::delivery::identity::EventFacts;
use crate::delivery::in_flight::InFlight;
use crate::delivery::in_flight_events::InFlightEvents;

/// Lets events in until there are too many, or until it is closed.
pub(super) struct Admission {
    slots: usize,
    memory_limit: usize,
    handlers: Semaphore,
    inside: Mutex<Inside>,
    empty: Notify,
    cut_off: watch::Sender<bool>,
}

#[derive(Default)]
struct Inside {
    closed: bool,
    events: InFlightEvents,
}

/// An event that was let in; its place is free again when this is dropped.
pub(super) struct Slot {
    pub(super) in_flight: Arc<InFlight>,
    admission: Arc<Admission>,
    number: usize,
}

/// An event that was not let in, and why.
pub(super) struct NotLetIn {
    pub(super) event: EventFacts,
    pub(super) why: Refused,
}

/// The permission for one handler, which its task holds.
pub(super) struct MayRun(Arc<Admission>);

impl Drop for MayRun {
    fn drop(&mut self) {
        self.0.handlers.add_permits(1);
    }
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
            inside: Mutex::default(),
            empty: Notify::new(),
            cut_off: watch::Sender::new(false),
        }
    }

    /// Lets an event in.
    pub(super) fn enter(
        self: &Arc<Self>,
        event: EventFacts,
        arrived: Instant,
    ) -> Result<Slot, Box<NotLetIn>> {
        let mut inside = self.inside();
        // Asked under the lock, so that no event comes in behind the one who waits for the last.
        if let Some(why) = self.closed_to(&event, &inside) {
            return Err(Box::new(NotLetIn { event, why }));
        }
        let (number, in_flight) = inside.events.insert(InFlight::new(event, arrived));
        Ok(Slot {
            in_flight,
            admission: Arc::clone(self),
            number,
        })
    }

    /// Why an event is not let in.
    fn closed_to(&self, event: &EventFacts, inside: &Inside) -> Option<Refused> {
        let (count, bytes) = (inside.events.count(), inside.events.bytes());
        if inside.closed {
            Some(Refused::ShuttingDown)
        } else if count >= self.slots {
            Some(Refused::Busy)
        } else if bytes.saturating_add(event.bytes) > self.memory_limit && count > 0 {
            // A single event may be larger, or it could never be handled.
            Some(Refused::TooManyBytes)
        } else {
            None
        }
    }

    /// The permission for one more handler, if one may run now and nobody waits for it.
    pub(super) fn handler_now(&self) -> Option<SemaphorePermit<'_>> {
        self.handlers.try_acquire().ok()
    }

    /// A permission that lives as long as its owner.
    pub(super) fn keep(self: &Arc<Self>, permit: SemaphorePermit<'_>) -> MayRun {
        permit.forget();
        MayRun(Arc::clone(self))
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
    pub(super) fn events(&self) -> (Vec<Arc<InFlight>>, usize) {
        let inside = self.inside();
        (inside.events.all(), inside.events.bytes())
    }

    /// Lets no more events in; gives back how many are inside.
    pub(super) fn close(&self) -> usize {
        let mut inside = self.inside();
        inside.closed = true;
        inside.events.count()
    }

    /// Waits until nothing is inside.
    pub(super) async fn emptied(&self) {
        loop {
            let left = self.empty.notified();
            if self.inside().events.count() == 0 {
                return;
            }
            left.await;
        }
    }

    /// Stops what is inside, and tells what that was.
    pub(super) fn cut_off(&self) -> Vec<Arc<InFlight>> {
        let inside = self.inside();
        self.cut_off.send_replace(true);
        inside.events.all()
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

    fn inside(&self) -> MutexGuard<'_, Inside> {
        // Nothing in here panics half-way through a change.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut inside = self.admission.inside();
        inside.events.remove(self.number);
        if inside.events.count() == 0 && inside.closed {
            self.admission.empty.notify_waiters();
        }
    }
}
