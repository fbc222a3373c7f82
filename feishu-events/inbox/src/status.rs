//! Whether the store answers: for health checks, and so that an outage is logged once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::InboxError;
use crate::observe;

/// The status of an inbox, for health checks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The store, without passwords.
    pub store: String,
    /// Since when the store has been failing, and the error, if it is.
    pub down: Option<(SystemTime, String)>,
    /// How many handlers run in this process.
    pub running: usize,
    /// Whether no new events are handled: [`Inbox::pause`](crate::Inbox::pause).
    pub is_paused: bool,
}

impl Status {
    /// Whether events can be kept and handled.
    pub fn is_healthy(&self) -> bool {
        self.down.is_none()
    }
}

/// What all tasks of an inbox note.
#[derive(Default)]
pub(crate) struct Health {
    down: Mutex<Option<(SystemTime, String)>>,
    is_down: AtomicBool,
    pub(crate) running: AtomicUsize,
}

impl Health {
    /// Notes a result of the store, and logs when an outage begins and ends.
    pub(crate) fn note<T>(&self, result: &Result<T, InboxError>) {
        match result {
            Ok(_) if !self.is_down.load(Ordering::Acquire) => {}
            Ok(_) => {
                if self.is_down.swap(false, Ordering::AcqRel) {
                    self.set(None);
                    observe::store_is_up(true);
                    tracing::info!("the inbox's store answers again");
                }
            }
            Err(error) => {
                if !self.is_down.swap(true, Ordering::AcqRel) {
                    self.set(Some((SystemTime::now(), error.to_string())));
                    observe::store_is_up(false);
                    tracing::error!(%error, "no event can be kept or handled until the store answers");
                }
            }
        }
    }

    pub(crate) fn down(&self) -> Option<(SystemTime, String)> {
        self.down
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, down: Option<(SystemTime, String)>) {
        *self.down.lock().unwrap_or_else(PoisonError::into_inner) = down;
    }
}
