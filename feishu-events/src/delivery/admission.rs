//! How many events run and wait, and which: for limits and for the end.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use tokio::sync::{Notify, Semaphore, SemaphorePermit, watch};

use super::answer::Refused;
use super::options::DeliveryOptions;
use crate::delivery::identity::EventFacts;
use crate::delivery::state::Phase;

/// Lets events in until there are too many, or until it is closed.
pub(super) struct Gate {
    places: usize,
    handlers: Semaphore,
    inside: Mutex<Inside>,
    empty: Notify,
    cut_off: watch::Sender<bool>,
}

/// An event that has been let in.
pub(super) struct InFlight {
    pub(super) event: EventFacts,
    pub(super) phase: Phase,
}

impl InFlight {
    /// What the event is known by in the store, which is asked only of events that have it.
    pub(super) fn key(&self) -> &str {
        self.event.key.as_deref().unwrap_or_default()
    }
}

#[derive(Default)]
struct Inside {
    closed: bool,
    /// A place for each event that is inside, and places that events have left.
    events: Vec<Option<Arc<InFlight>>>,
    left: Vec<usize>,
}

impl Inside {
    fn count(&self) -> usize {
        self.events.len() - self.left.len()
    }
}

/// The place of one event, free again when this is dropped.
pub(super) struct Place {
    gate: Arc<Gate>,
    number: usize,
}

impl Gate {
    pub(super) fn new(options: &DeliveryOptions) -> Self {
        let places = options
            .concurrency_limit
            .saturating_add(options.queue_limit);
        let handlers = options.concurrency_limit.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            places: places.max(1),
            handlers: Semaphore::new(handlers),
            inside: Mutex::default(),
            empty: Notify::new(),
            cut_off: watch::Sender::new(false),
        }
    }

    /// Lets an event in.
    pub(super) fn enter(self: &Arc<Self>, event: &Arc<InFlight>) -> Result<Place, Refused> {
        let mut inside = self.inside();
        // Asked under the lock, so that no event comes in behind the one who waits for the last.
        if inside.closed {
            return Err(Refused::ShuttingDown);
        }
        if inside.count() >= self.places {
            return Err(Refused::Busy);
        }
        let event = Some(Arc::clone(event));
        let free = inside.left.pop();
        let number = free.unwrap_or(inside.events.len());
        match inside.events.get_mut(number) {
            Some(place) => *place = event,
            None => inside.events.push(event),
        }
        Ok(Place {
            gate: Arc::clone(self),
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

    /// Lets no more events in; gives back how many are inside.
    pub(super) fn close(&self) -> usize {
        let mut inside = self.inside();
        inside.closed = true;
        inside.count()
    }

    /// Waits until nothing is inside.
    pub(super) async fn emptied(&self) {
        loop {
            let left = self.empty.notified();
            if self.inside().count() == 0 {
                return;
            }
            left.await;
        }
    }

    /// Stops what is inside, and tells what that was.
    pub(super) fn cut_off(&self) -> Vec<Arc<InFlight>> {
        let inside = self.inside();
        self.cut_off.send_replace(true);
        inside.events.iter().flatten().cloned().collect()
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

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.gate.inside();
        if let Some(place) = inside.events.get_mut(self.number) {
            *place = None;
            inside.left.push(self.number);
        }
        if inside.count() == 0 && inside.closed {
            self.gate.empty.notify_waiters();
        }
    }
}
