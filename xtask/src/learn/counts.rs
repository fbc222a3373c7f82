//! Sums the counts of many files.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The counts of one or many files.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) events: BTreeMap<String, EventCounts>,
}

/// The counts of one event type.
#[derive(Debug, Default)]
pub(super) struct EventCounts {
    pub(super) count: u64,
    pub(super) differences: BTreeMap<Difference, Seen>,
    pub(super) absent: BTreeMap<String, Absent>,
}

/// One way in which events differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// The path, as a JSON pointer into the payload with `-` and `*`.
    pub(super) path: String,
    pub(super) kind: Kind,
    /// The type that arrived.
    pub(super) came_as: &'static str,
}

/// The kinds of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Undocumented,
    Converted,
    Unreadable,
    Replaced,
    Unlisted,
}

/// How often, when, and in how many files.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) count: u64,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) files: u64,
    pub(super) words: BTreeMap<String, u64>,
}

/// How often a field with a scope of its own was looked for, and absent.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Absent {
    pub(super) looked_at: u64,
    pub(super) absent: u64,
}

impl Counts {
    /// Adds the counts of another file.
    pub(super) fn add(&mut self, other: Self) {
        for (event_type, counts) in other.events {
            let event = self.events.entry(event_type).or_default();
            event.count = event.count.saturating_add(counts.count);
            for (difference, seen) in counts.differences {
                event.differences.entry(difference).or_default().add(&seen);
            }
            for (path, absent) in counts.absent {
                let all = event.absent.entry(path).or_default();
                all.looked_at = all.looked_at.saturating_add(absent.looked_at);
                all.absent = all.absent.saturating_add(absent.absent);
            }
        }
    }
}

impl Seen {
    pub(super) fn add(&mut self, other: &Self) {
        let is_first = self.count == 0;
        self.count = self.count.saturating_add(other.count);
        self.first = if is_first {
            other.first
        } else {
            self.first.min(other.first)
        };
        self.last = self.last.max(other.last);
        self.files = self.files.saturating_add(other.files);
        for (word, seen) in &other.words {
            let all = self.words.entry(word.clone()).or_default();
            *all = all.saturating_add(*seen);
        }
    }
}
