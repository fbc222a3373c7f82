//! What a handler can know beside the event.

use std::time::SystemTime;

use crate::event::header::Header;
use crate::json::report::Report;

/// What a handler can know beside the event: an argument of type `Context` gets it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Context {
    /// What the envelope says about the event: its id, its tenant, its time.
    ///
    /// The `event_id` is what the event is remembered by, except for `im.message.receive_v1`, which
    /// is remembered by its message's id, and callbacks, which are not remembered: see
    /// [`DedupeStore`](crate::DedupeStore#what-an-event-is-remembered-by).
    pub header: Header,
    /// Where the event differs from its documentation.
    pub reports: Vec<Report>,
    /// How the event came here.
    pub delivery: Delivery,
}

/// How an event came here.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// By which way.
    pub transport: Transport,
    /// When it arrived, by the clock of the machine that received it.
    pub received_at: SystemTime,
    /// What an inbox knows about the event, if it comes out of one that had kept it.
    pub kept: Option<Kept>,
}

/// What an inbox knows about an event that it had kept and now hands to its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Kept {
    /// The number of the event in the inbox.
    pub id: u64,
    /// The number of the lease under which the handler runs. It grows with each lease of the event,
    /// so that what was written under an older one can be refused.
    pub fence: u64,
    /// Which attempt at handling the event this is, from 1.
    pub attempt: u32,
    /// How the attempt before ended; `None` for the first.
    pub last_attempt: Option<LastAttempt>,
}

/// How the attempt at handling an event ended before this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LastAttempt {
    /// Its handler failed, panicked, or took too long.
    Failed,
    /// Its process ended, or stalled for longer than its lease: the handler may have done
    /// everything, a part, or nothing.
    Interrupted,
}

impl Kept {
    /// For inboxes: the event `id` under the lease `fence`, for the first time.
    pub fn new(id: u64, fence: u64) -> Self {
        Self {
            id,
            fence,
            attempt: 1,
            last_attempt: None,
        }
    }

    /// For inboxes: the same at a later attempt.
    #[must_use]
    pub fn again(mut self, attempt: u32, last: LastAttempt) -> Self {
        self.attempt = attempt;
        self.last_attempt = Some(last);
        self
    }
}

impl Delivery {
    /// An event that arrives now.
    pub(crate) fn new(transport: Transport) -> Self {
        Self {
            transport,
            received_at: SystemTime::now(),
            kept: None,
        }
    }

    /// For inboxes: an event that arrived before and was kept.
    pub fn of_kept(transport: Transport, received_at: SystemTime, kept: Kept) -> Self {
        Self {
            transport,
            received_at,
            kept: Some(kept),
        }
    }

    /// Whether the event may have been handled before, in part or to its end: a handler whose
    /// effects must not happen twice looks at what it has done.
    ///
    /// Only an inbox knows. Without one it is `false`.
    pub fn is_repetition(&self) -> bool {
        self.kept.is_some_and(|kept| kept.last_attempt.is_some())
    }
}

/// The ways by which events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// An HTTP request to the app.
    Webhook,
    /// The app's long connection to the platform.
    LongConnection,
    /// The program itself: [`Dispatcher::dispatch`](crate::Dispatcher::dispatch).
    Direct,
}
