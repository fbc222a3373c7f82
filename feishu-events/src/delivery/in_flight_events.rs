//! The events that are being delivered, each with a number.

use std::sync::Arc;

use super::in_flight::InFlight;

/// The entries up to this number keep the memory of their last event for the next one: so many events
/// are often in flight at once.
const KEEP_MEMORY: usize = 64;

#[derive(Default)]
pub(super) struct InFlightEvents {
    entries: Vec<Entry>,
    /// The numbers of the entries that are vacant.
    vacant: Vec<usize>,
    /// The size of the events.
    bytes: usize,
}

enum Entry {
    Occupied(Arc<InFlight>),
    /// The last event, whose memory is used again unless somebody still looks at it.
    Vacant(Option<Arc<InFlight>>),
}

impl InFlightEvents {
    pub(super) fn count(&self) -> usize {
        self.entries.len() - self.vacant.len()
    }

    /// The size of all events in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn all(&self) -> Vec<Arc<InFlight>> {
        let event = |entry: &Entry| match entry {
            Entry::Occupied(event) => Some(Arc::clone(event)),
            Entry::Vacant(_) => None,
        };
        self.entries.iter().filter_map(event).collect()
    }

    /// Adds an event, and gives it a number.
    pub(super) fn insert(&mut self, event: InFlight) -> (usize, Arc<InFlight>) {
        self.bytes = self.bytes.saturating_add(event.event.bytes);
        let number = self.vacant.pop().unwrap_or(self.entries.len());
        let last = match self.entries.get_mut(number) {
            Some(Entry::Vacant(last)) => last.take(),
            _ => None,
        };
        let event = in_memory_of(last, event);
        let entry = Entry::Occupied(Arc::clone(&event));
        match self.entries.get_mut(number) {
            Some(vacant) => *vacant = entry,
            None => self.entries.push(entry),
        }
        (number, event)
    }

    /// Removes the event with this number.
    pub(super) fn remove(&mut self, number: usize) {
        let Some(entry) = self.entries.get_mut(number) else {
            return;
        };
        if let Entry::Occupied(event) = std::mem::replace(entry, Entry::Vacant(None)) {
            self.bytes = self.bytes.saturating_sub(event.event.bytes);
            if number < KEEP_MEMORY {
                *entry = Entry::Vacant(Some(event));
            }
            self.vacant.push(number);
        }
    }
}

/// The event, in the memory of the `last` one if nobody looks at that any more.
fn in_memory_of(last: Option<Arc<InFlight>>, event: InFlight) -> Arc<InFlight> {
    let Some(mut memory) = last else {
        return Arc::new(event);
    };
    match Arc::get_mut(&mut memory) {
        Some(last) => {
            *last = event;
            memory
        }
        None => Arc::new(event),
    }
}
