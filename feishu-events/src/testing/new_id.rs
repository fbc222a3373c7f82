//! Ids of events and messages.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// An id that no other event of this run or an earlier one has.
pub(super) fn new_id() -> String {
    static IDS: AtomicU64 = AtomicU64::new(0);
    let number = IDS.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    format!("{:024x}{number:08x}", now.unwrap_or_default().as_nanos())
}
