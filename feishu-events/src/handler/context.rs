//! What a handler can know beside the event.

use std::time::SystemTime;

use crate::event::header::Header;
use crate::json::report::Report;

/// An argument with everything else that is known about an event.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Context {
    /// What the envelope says about the event: its id, its tenant, its time.
    ///
    /// Deduplication identifies an event by its `event_id`, except for `im.message.receive_v1`, which
    /// is identified by its message's id.
    #[cfg_attr(
        feature = "delivery",
        doc = "See [`DedupeStore`](crate::DedupeStore#what-an-event-is-remembered-by)."
    )]
    pub header: Header,
    /// Where the event differs from its documentation.
    pub reports: Vec<Report>,
    /// How the event arrived.
    pub delivery: Delivery,
}

/// How an event arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// Which way it arrived.
    pub transport: Transport,
    /// When it arrived, by the clock of the machine that received it.
    pub received_at: SystemTime,
    /// What the inbox knows about the event, if an inbox had kept it.
    pub kept: Option<Kept>,
}

/// What an inbox knows about an event that it kept and now passes to its handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Kept {
    /// The number of the event in the inbox.
    pub id: u64,
    /// The number of the lease under which the handler runs. It increases with each lease of the
    /// event, so writes made under an older lease can be rejected.
    pub fence: u64,
    /// The number of this attempt to handle the event, starting at 1.
    pub attempt: u32,
    /// How the previous attempt ended; `None` for the first.
    pub last_attempt: Option<LastAttempt>,
}

/// How the previous attempt to handle an event ended.
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
    /// For inboxes: the first attempt at the event `id`, under the lease `fence`.
    pub fn new(id: u64, fence: u64) -> Self {
        Self {
            id,
            fence,
            attempt: 1,
            last_attempt: None,
        }
    }

    /// For inboxes: the same for a later attempt.
    #[must_use]
    pub fn again(mut self, attempt: u32, last: LastAttempt) -> Self {
        self.attempt = attempt;
        self.last_attempt = Some(last);
        self
    }
}

impl Delivery {
    /// An event that arrived at a time.
    #[cfg(feature = "long-connection")]
    pub(crate) fn received(transport: Transport, received_at: SystemTime) -> Self {
        Self {
            transport,
            received_at,
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

    /// Whether the event may have been handled before, partly or completely: a handler whose
    /// effects must not happen twice should check what it has already done.
    ///
    /// Only an inbox knows. Without one it is `false`.
    pub fn is_repetition(&self) -> bool {
        self.kept.is_some_and(|kept| kept.last_attempt.is_some())
    }
}

/// A [`Delivery`] of which the time is only looked up if it is asked for.
#[derive(Debug, Clone)]
pub(crate) enum LazyDelivery {
    /// The event arrives now.
    Now(Transport),
    Known(Delivery),
}

impl LazyDelivery {
    pub(crate) fn get(&self) -> Delivery {
        match self {
            Self::Now(transport) => Delivery {
                transport: *transport,
                received_at: SystemTime::now(),
                kept: None,
            },
            Self::Known(delivery) => delivery.clone(),
        }
    }
}

/// The ways in which events arrive.
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
