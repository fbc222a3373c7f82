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
    /// Events before it that it must not overtake took too long.
    NotItsTurn,
    /// The receiver is shutting down.
    ShuttingDown,
    /// The same event is being handled, and whether it will be well is not known yet.
    BeingHandled,
    /// The store of handled events failed or did not answer in time, so that this one may have been handled.
    StoreFailed,
    /// It is acknowledged when it has been kept, and was not in time.
    NotKept,
    /// There is no handler, and the options say that such events are refused.
    Unhandled,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => {
                "too many events at a time: handlers are slower than events acquire, or the \
                 concurrency limit is too low"
            }
            Self::NotItsTurn => {
                "its turn did not acquire in time: handlers of the events before it, which belong to \
                 the same, are slow"
            }
            Self::ShuttingDown => "the receiver is shutting down",
            Self::BeingHandled => "the same event is being handled right now",
            Self::StoreFailed => "the dedupe store failed",
            Self::NotKept => {
                "it was not kept in time: the queue or database that keeps events is slow or down"
            }
            Self::Unhandled => "there is no handler for it",
        })
    }
}
