//! What is answered to the platform.

use std::fmt;

/// What is answered to the platform for an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Answer {
    /// It has been handled, or will be: the platform need not send it again.
    ///
    /// The response is JSON; only callbacks have one.
    Ok(Option<String>),
    /// Its handler failed: the platform is to send it again.
    Failed,
    /// It was not handled now: the platform is to send it again.
    Refused(Refused),
}

/// Why an event is not handled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// As many events as allowed run and wait.
    Busy,
    /// The events that run and wait are as large as allowed.
    TooManyBytes,
    /// Earlier events with the same key took too long.
    NotItsTurn,
    /// The receiver is shutting down.
    ShuttingDown,
    /// The same event is being handled, and its result is not known yet.
    BeingHandled,
    /// The dedupe store failed or did not answer in time, so this event may have been handled before.
    StoreFailed,
    /// It is acknowledged once stored, and was not stored in time.
    NotKept,
    /// Only its handler's result acknowledges it, and that did not come in time.
    NotDone,
    /// There is no handler, and the options refuse such events.
    Unhandled,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => {
                "too many events at a time: handlers are slower than events arrive, or the \
                 concurrency limit is too low"
            }
            Self::TooManyBytes => {
                "the events being handled are as large as the memory limit allows: handlers are \
                 slow, or `memory_limit` is too low"
            }
            Self::NotItsTurn => {
                "its turn did not come in time: handlers of the events before it, which belong to \
                 the same, are slow"
            }
            Self::ShuttingDown => "the receiver is shutting down",
            Self::BeingHandled => "the same event is being handled right now",
            Self::StoreFailed => "the dedupe store failed",
            Self::NotKept => {
                "it was not stored in time: the queue or database that keeps events is slow or down"
            }
            Self::NotDone => "its handler was not done in time, and the policy is `Ack::Refuse`",
            Self::Unhandled => "there is no handler for it",
        })
    }
}
