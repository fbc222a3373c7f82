//! What a handler can know beside the event.

use std::time::SystemTime;

use crate::header::Header;
use crate::report::Report;

/// What a handler can know beside the event: an argument of type `Context` gets it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Context {
    /// What the envelope says about the event: its id, its tenant, its time.
    pub header: Header,
    /// Where the event does not agree with its documentation.
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
    /// When it arrived, by the clock of this machine.
    pub received_at: SystemTime,
}

impl Delivery {
    /// An event that arrives now.
    pub(crate) fn new(transport: Transport) -> Self {
        Self {
            transport,
            received_at: SystemTime::now(),
        }
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
