//! Scheduled actions.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

/// The key of a scheduled action.
pub(super) type DueKey = (Instant, u64);

/// A scheduled action.
#[derive(Debug)]
pub(super) enum Due {
    /// Push an event; `on_ladder` if its failure makes the platform send it again.
    Push { event: usize, on_ladder: bool },
    /// Stop waiting for the answer to a delivery.
    Deadline { event: usize, delivery: usize },
    /// Send a part that was held back.
    Part { connection: u64, message: Bytes },
}

/// The scheduled actions, by time.
#[derive(Debug, Default)]
pub(super) struct ActionQueue {
    dues: BTreeMap<DueKey, Due>,
    number: u64,
}

impl ActionQueue {
    pub(super) fn add(&mut self, time: Instant, due: Due) -> DueKey {
        self.number += 1;
        let key = (time, self.number);
        self.dues.insert(key, due);
        key
    }

    pub(super) fn remove(&mut self, key: DueKey) {
        self.dues.remove(&key);
    }

    pub(super) fn first(&self) -> Option<Instant> {
        self.dues.first_key_value().map(|((time, _), _)| *time)
    }

    /// Takes the next action whose time has come.
    pub(super) fn take(&mut self, now: Instant) -> Option<Due> {
        let first = self.dues.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dues.is_empty()
    }
}

/// How long after each failure the platform sends an event again.
pub(super) const LADDER: [Duration; 4] = [
    Duration::from_secs(15),
    Duration::from_secs(5 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];
