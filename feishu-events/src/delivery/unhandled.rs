//! Events without a handler: counted, and logged once per type.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How many types are counted separately: names can be made up where no secret is set.
const TYPES: usize = 1000;

/// How many events without a handler were received, by type.
#[derive(Debug, Default)]
pub(super) struct UnhandledCount(Mutex<BTreeMap<String, u64>>);

impl UnhandledCount {
    /// Counts an event, and logs the first of its type with what to do.
    pub(super) fn count(&self, event_type: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(event_type) {
            *count += 1;
        } else if counts.len() < TYPES {
            counts.insert(event_type.to_owned(), 1);
            drop(counts);
            tracing::warn!(
                event_type,
                "the app is subscribed to this event and has no handler for it: add one, or \
                 unsubscribe in the developer console"
            );
        }
    }

    pub(super) fn by_type(&self) -> BTreeMap<String, u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }
}
