//! What no other module handles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use feishu_events::{Header, State, feishu_handler};

/// How many events of each other type there were.
#[derive(Clone, Default)]
pub(crate) struct Others(Arc<Mutex<BTreeMap<String, u32>>>);

impl Others {
    fn count(&self, event_type: String) -> u32 {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(event_type).or_default();
        *count += 1;
        *count
    }

    /// The counts so far.
    #[cfg(test)]
    pub(crate) fn counts(&self) -> BTreeMap<String, u32> {
        self.0.lock().unwrap().clone()
    }
}

/// Takes no event, so that none is read for it.
#[feishu_handler(fallback)]
pub(crate) fn on_other(header: &Header, State(others): &State<Others>) {
    let count = others.count(header.event_type.clone());
    if count == 1 {
        println!("no handler for {}", header.event_type);
    }
}
