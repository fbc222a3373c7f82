//! How many events run and wait, and which: for limits and for the end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};

use super::answer::Refused;
use super::event_facts::EventFacts;
use super::options::DeliveryOptions;
use super::phase::Phase;

/// Lets events in until there are too many, or until it is closed.
pub(super) struct Gate {
    places: Arc<Semaphore>,
    handlers: Arc<Semaphore>,
    closed: AtomicBool,
    inside: Mutex<Inside>,
    empty: Notify,
    cut_off: watch::Sender<bool>,
}

#[derive(Default)]
struct Inside {
    next: u64,
    events: HashMap<u64, (Arc<EventFacts>, Arc<Phase>)>,
}

/// The place of one event, free again when this is dropped.
pub(super) struct Place {
    gate: Arc<Gate>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

impl Gate {
    pub(super) fn new(options: &DeliveryOptions) -> Self {
        let semaphore = |permits: usize| Semaphore::new(permits.clamp(1, Semaphore::MAX_PERMITS));
        let places = options
            .concurrency_limit
            .saturating_add(options.queue_limit);
        Self {
            places: Arc::new(semaphore(places)),
            handlers: Arc::new(semaphore(options.concurrency_limit)),
            closed: AtomicBool::new(false),
            inside: Mutex::default(),
            empty: Notify::new(),
            cut_off: watch::Sender::new(false),
        }
    }

    /// Lets an event in.
    pub(super) fn enter(
        self: &Arc<Self>,
        event: &Arc<EventFacts>,
        phase: &Arc<Phase>,
    ) -> Result<Place, Refused> {
        let permit = Arc::clone(&self.places).try_acquire_owned();
        let permit = permit.map_err(|_| Refused::Busy)?;
        let mut inside = self.inside();
        // Asked under the lock, so that no event comes in behind the one who waits for the last.
        if self.closed.load(Ordering::Acquire) {
            return Err(Refused::ShuttingDown);
        }
        let number = inside.next;
        inside.next += 1;
        let entry = (Arc::clone(event), Arc::clone(phase));
        inside.events.insert(number, entry);
        Ok(Place {
            gate: Arc::clone(self),
            number,
            _permit: permit,
        })
    }

    /// Waits until one more handler may run.
    pub(super) async fn handler(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.handlers).acquire_owned().await.ok()
    }

    /// Lets no more events in; gives back how many are inside.
    pub(super) fn close(&self) -> usize {
        let inside = self.inside();
        self.closed.store(true, Ordering::Release);
        inside.events.len()
    }

    /// Waits until nothing is inside.
    pub(super) async fn emptied(&self) {
        loop {
            let left = self.empty.notified();
            if self.inside().events.is_empty() {
                return;
            }
            left.await;
        }
    }

    /// Stops what is inside, and tells what that was.
    pub(super) fn cut_off(&self) -> Vec<(Arc<EventFacts>, Arc<Phase>)> {
        let inside = self.inside();
        self.cut_off.send_replace(true);
        inside.events.values().cloned().collect()
    }

    /// Waits until what is inside is stopped.
    pub(super) async fn stopped(&self) {
        let mut cut_off = self.cut_off.subscribe();
        // The sender lives as long as the gate, so this ends with `true` only.
        if cut_off.wait_for(|cut_off| *cut_off).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        // Nothing in here panics half-way through a change.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.gate.inside();
        inside.events.remove(&self.number);
        if inside.events.is_empty() {
            self.gate.empty.notify_waiters();
        }
    }
}
