//! The counts, each collection with a limit.

use std::collections::{BTreeMap, BTreeSet};

/// How often a word must be seen before it is written: one in many events identifies nobody.
pub(super) const WRITTEN_FROM: u64 = 20;

/// Limits on what is kept.
const EVENTS: usize = 512;
const PLACES: usize = 4096;
const PLACES_OF_EVENT: usize = 256;
const WORDS: usize = 32;
/// If an object has more undocumented names, they are taken for data.
const NAMES_OF_OBJECT: usize = 16;

/// Written in place of names that may be data.
pub(super) const OTHER_NAMES: &str = "*";

/// All counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Book {
    pub(super) events: BTreeMap<String, EventCounts>,
    pub(super) left_out: LeftOut,
}

/// The counts of one event type.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct EventCounts {
    pub(super) count: u64,
    pub(super) differences: BTreeMap<Difference, Counts>,
    pub(super) absent: BTreeMap<String, Absent>,
    /// The objects whose names were taken for data.
    pub(super) data: BTreeSet<String>,
}

/// One way in which events of a type differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    /// The documented part of the path.
    pub(super) object: String,
    pub(super) name: Name,
    pub(super) kind: Kind,
    pub(super) documented: Option<String>,
    pub(super) came_as: String,
}

/// The name in an object that a difference is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Name {
    /// No name: the difference is at the documented path itself.
    None,
    /// One that is not documented.
    New(String),
    /// One that may be data and is not kept.
    Data,
}

impl Difference {
    pub(super) fn path(&self) -> String {
        match &self.name {
            Name::None => self.object.clone(),
            Name::New(name) => format!("{}/{name}", self.object),
            Name::Data => format!("{}/{OTHER_NAMES}", self.object),
        }
    }
}

/// The kinds of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Undocumented,
    Converted,
    Unreadable,
    Replaced,
    Unlisted,
}

impl Kind {
    pub(super) const ALL: [Self; 5] = [
        Self::Undocumented,
        Self::Converted,
        Self::Unreadable,
        Self::Replaced,
        Self::Unlisted,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Undocumented => "undocumented",
            Self::Converted => "converted",
            Self::Unreadable => "unreadable",
            Self::Replaced => "replaced",
            Self::Unlisted => "unlisted",
        }
    }
}

/// How often a difference was seen, and when first and last, in milliseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) count: u64,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) words: BTreeMap<String, u64>,
}

/// How often a field was looked for, and how often it was absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Absent {
    pub(super) looked_at: u64,
    pub(super) absent: u64,
}

/// How much was not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct LeftOut {
    pub(super) events: u64,
    pub(super) places: u64,
    pub(super) names: u64,
    pub(super) words: u64,
}

/// The differences found in one event.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) differences: BTreeMap<Difference, BTreeSet<String>>,
    /// How many paths were too long.
    pub(super) too_long: u64,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.differences.is_empty() && self.too_long == 0
    }
}

impl Book {
    /// Adds to the number of events of a type.
    pub(super) fn came(&mut self, event_type: &str, came: u64) {
        if came > 0
            && let Some(event) = self.event(event_type)
        {
            event.count = event.count.saturating_add(came);
        }
    }

    /// Adds the differences of one event, which arrived `now`.
    pub(super) fn add(
        &mut self,
        event_type: &str,
        found: Found,
        fields: Vec<(&'static str, bool)>,
        now: u64,
    ) {
        self.left_out.places += found.too_long;
        if self.event(event_type).is_none() {
            self.left_out.events += 1;
            return;
        }
        let mut unnamed = BTreeSet::new();
        for (mut difference, words) in found.differences {
            if self.has_too_many_names(event_type, &difference) {
                difference.name = Name::Data;
            }
            if difference.name == Name::Data {
                self.left_out.names += 1;
                if !unnamed.insert(difference.clone()) {
                    continue;
                }
            }
            let is_full = self.is_full(event_type, &difference);
            if is_full {
                self.left_out.places += 1;
                continue;
            }
            let Some(event) = self.event(event_type) else {
                continue;
            };
            let counts = event.differences.entry(difference).or_insert(Counts {
                first: now,
                ..Counts::default()
            });
            counts.count += 1;
            counts.last = counts.last.max(now);
            let mut left_out = 0;
            for word in words {
                if counts.words.len() < WORDS || counts.words.contains_key(&word) {
                    *counts.words.entry(word).or_default() += 1;
                } else {
                    left_out += 1;
                }
            }
            self.left_out.words += left_out;
        }
        let Some(event) = self.event(event_type) else {
            return;
        };
        for (path, is_there) in fields {
            if !event.absent.contains_key(path) {
                event.absent.insert(path.to_owned(), Absent::default());
            }
            if let Some(absent) = event.absent.get_mut(path) {
                absent.looked_at += 1;
                absent.absent += u64::from(!is_there);
            }
        }
    }

    fn event(&mut self, event_type: &str) -> Option<&mut EventCounts> {
        // Nearly all have been there before, and need no copy of their name.
        if !self.events.contains_key(event_type) {
            if self.events.len() >= EVENTS {
                return None;
            }
            self.events
                .insert(event_type.to_owned(), EventCounts::default());
        }
        self.events.get_mut(event_type)
    }

    fn is_full(&self, event_type: &str, difference: &Difference) -> bool {
        let of_event = self.events.get(event_type);
        if of_event.is_some_and(|event| event.differences.contains_key(difference)) {
            return false;
        }
        let all: usize = self
            .events
            .values()
            .map(|event| event.differences.len())
            .sum();
        of_event.is_some_and(|event| event.differences.len() >= PLACES_OF_EVENT) || all >= PLACES
    }

    /// Whether the object has so many undocumented names that they are taken for data; if so, drops the
    /// differences that have these names.
    fn has_too_many_names(&mut self, event_type: &str, difference: &Difference) -> bool {
        let (Name::New(new), Some(event)) = (&difference.name, self.events.get_mut(event_type))
        else {
            return false;
        };
        let object = &difference.object;
        if event.data.contains(object) {
            return true;
        }
        let in_object = event.differences.keys().filter(|it| it.object == *object);
        let names: BTreeSet<&String> = in_object
            .filter_map(|it| match &it.name {
                Name::New(name) => Some(name),
                Name::None | Name::Data => None,
            })
            .collect();
        if names.contains(new) || names.len() < NAMES_OF_OBJECT {
            return false;
        }
        let is_named = |it: &Difference| it.object == *object && matches!(it.name, Name::New(_));
        event.differences.retain(|it, _| !is_named(it));
        event.data.insert(object.clone());
        true
    }
}
