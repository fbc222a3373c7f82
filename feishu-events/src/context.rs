//! What a handler can know beside the event.

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
}
