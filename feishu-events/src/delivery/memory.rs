//! The in-memory store of handled events.

use std::collections::HashSet;
use std::fmt;
use std::hash::BuildHasherDefault;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::hashed_key::{AsItIs, HashedKey as Key, KeyHasher};
use super::store::{Claim, DedupeStore, StoreError};

mod recent;

use recent::Recent;

/// Longer than the platform's attempts to send an event, which end after 7 h 5 min 15 s.
const KEPT_FOR: Duration = Duration::from_secs(12 * 60 * 60);

/// About 23 MB, and 23 events in each second of 12 hours.
const CAPACITY: usize = 1_000_000;

/// A [`DedupeStore`] in memory: its content is lost when the process ends, and not shared with others.
///
/// A million events take about 23 MB.
pub struct MemoryStore {
    kept_for: Duration,
    capacity: usize,
    hasher: KeyHasher,
    events: Mutex<Events>,
}

type Set = HashSet<Key, BuildHasherDefault<AsItIs>>;

#[derive(Default)]
struct Events {
    running: Set,
    done: Recent,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self {
            kept_for: KEPT_FOR,
            capacity: CAPACITY,
            hasher: KeyHasher::default(),
            events: Mutex::default(),
        }
    }
}

impl MemoryStore {
    /// A store that remembers a million events for 12 hours.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long an event is remembered; with less than 7 h 5 min the platform's last attempt is
    /// handled again.
    #[must_use]
    pub fn kept_for(mut self, time: Duration) -> Self {
        self.kept_for = time;
        self
    }

    /// How many events are remembered; beyond it the oldest are forgotten early.
    #[must_use]
    pub fn capacity(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    pub(super) fn hash(&self, key: &[u8]) -> Key {
        self.hasher.hash(key)
    }

    /// Removes entries that are too old or beyond the capacity.
    fn forget(&self, events: &mut Events, now: Instant) {
        events.done.forget(now, self.kept_for, self.capacity);
    }

    fn events(&self) -> MutexGuard<'_, Events> {
        // Nothing in here panics half-way through a change.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryStore {
    pub(super) fn claim_now(&self, key: Key) -> Claim {
        let mut events = self.events();
        if events.done.contains(key) {
            // It may have been kept for long enough.
            self.forget(&mut events, Instant::now());
            if events.done.contains(key) {
                return Claim::Done;
            }
        }
        if events.running.insert(key) {
            Claim::Claimed
        } else {
            Claim::Running
        }
    }

    pub(super) fn done_now(&self, key: Key, now: Instant) {
        let mut events = self.events();
        events.running.remove(&key);
        events.done.insert(key, now, self.kept_for);
        self.forget(&mut events, now);
    }

    pub(super) fn release_now(&self, key: Key) {
        self.events().running.remove(&key);
    }
}

impl DedupeStore for MemoryStore {
    async fn claim(&self, key: &str) -> Result<Claim, StoreError> {
        Ok(self.claim_now(self.hash(key.as_bytes())))
    }

    async fn done(&self, key: &str) -> Result<(), StoreError> {
        self.done_now(self.hash(key.as_bytes()), Instant::now());
        Ok(())
    }

    async fn release(&self, key: &str) -> Result<(), StoreError> {
        self.release_now(self.hash(key.as_bytes()));
        Ok(())
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("kept_for", &self.kept_for)
            .field("capacity", &self.capacity)
            .field("remembered", &self.events().done.len())
            .finish_non_exhaustive()
    }
}
