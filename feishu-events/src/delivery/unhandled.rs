//! Events without a handler: counted, and logged once per type.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::redact::one_line::OneLine;

/// How many types are counted separately: names can be made up where no secret is set.
const TYPES: usize = 1000;

/// How many bytes of a name are counted as one: the longest documented one has about 60.
const NAME: usize = 128;

/// What the types beyond [`TYPES`] are counted as; no event has such a name.
const OTHERS: &str = "(others)";

/// How many events without a handler were received, by type: sorted, because there are few.
#[derive(Debug, Default)]
pub(super) struct UnhandledCount(Mutex<Vec<(String, u64)>>);

impl UnhandledCount {
    /// Counts an event, and logs the first of its type with what to do.
    pub(super) fn count(&self, event_type: &str) {
        let mut name = beginning(event_type);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let has_room = counts.len() < TYPES;
        let mut place = place(&counts, name);
        if place.is_err() && !has_room {
            name = OTHERS;
            place = self::place(&counts, name);
        }
        match place {
            Ok(at) => {
                if let Some((_, count)) = counts.get_mut(at) {
                    *count += 1;
                }
            }
            Err(at) => {
                counts.insert(at, (name.to_owned(), 1));
                if has_room {
                    drop(counts);
                    warn(name);
                }
            }
        }
    }

    pub(super) fn by_type(&self) -> BTreeMap<String, u64> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().cloned().collect()
    }
}

/// Where the count of a type is, or where it belongs.
fn place(counts: &[(String, u64)], name: &str) -> Result<usize, usize> {
    counts.binary_search_by(|(it, _)| it.as_str().cmp(name))
}

fn warn(name: &str) {
    tracing::warn!(
        event_type = %OneLine(name),
        "the app is subscribed to this event and has no handler for it: add one, or \
         unsubscribe in the developer console"
    );
}

/// As much of a name as is counted as one.
fn beginning(name: &str) -> &str {
    let end = (0..=NAME).rev().find(|at| name.is_char_boundary(*at));
    match end.and_then(|end| name.get(..end)) {
        Some(beginning) if name.len() > NAME => beginning,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_names_take_little_memory_however_many_and_long_they_are() {
        let unhandled = UnhandledCount::default();
        for number in 0..TYPES + 500 {
            unhandled.count(&format!("{number}-{}", "é".repeat(100_000)));
        }
        unhandled.count(&format!("7-{}", "é".repeat(100_000)));
        let counts = unhandled.by_type();
        assert_eq!((counts.len(), counts[OTHERS]), (TYPES + 1, 500));
        assert!(counts.keys().all(|name| name.len() <= NAME));
        let seven = counts.iter().find(|(name, _)| name.starts_with("7-"));
        assert_eq!(seven.map(|(_, count)| *count), Some(2));
    }
}
