//! What is to be done later.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

/// Where a thing stands in the schedule.
pub(super) type DueKey = (Instant, u64);

/// A thing to be done.
#[derive(Debug)]
pub(super) enum Due {
    /// Push an event; `on_ladder` if its failure makes the platform send it again.
    Push { event: usize, on_ladder: bool },
    /// Stop waiting for the answer to a delivery.
    Deadline { event: usize, delivery: usize },
    /// Send a part that was held back.
    Part { connection: u64, message: Bytes },
}

/// What is to be done, by time.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    dues: BTreeMap<DueKey, Due>,
    number: u64,
}

impl Schedule {
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

    /// Takes the next thing that should have been done by now.
    pub(super) fn take(&mut self, now: Instant) -> Option<Due> {
        let first = self.dues.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dues.is_empty()
    }
}

/// When the platform sends an event again: 15 s, 5 min, 1 h and 6 h after it was not acknowledged.
pub(super) const LADDER: [Duration; 4] = [
    Duration::from_secs(15),
    Duration::from_secs(5 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
];
