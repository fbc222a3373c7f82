//! An event before and after its payload is read.

use serde_json::value::RawValue;

use crate::catalog::event_type::EventType;
#[cfg(feature = "drift")]
use crate::drift::Drift;
use crate::event::envelope::RawEnvelope;
use crate::event::unread_header::UnreadHeader;
use crate::handler::context::LazyDelivery;
use crate::json::report::Report;

/// An event whose payload has not been read.
#[derive(Debug)]
pub struct Undecoded<'a> {
    pub(crate) envelope: RawEnvelope<'a>,
    pub(crate) delivery: LazyDelivery,
    /// What counts how events differ from their documentation.
    #[cfg(feature = "drift")]
    pub(crate) drift: Option<&'a Drift>,
}

impl<'a> Undecoded<'a> {
    pub(crate) fn new(envelope: RawEnvelope<'a>, delivery: LazyDelivery) -> Self {
        Self {
            envelope,
            delivery,
            #[cfg(feature = "drift")]
            drift: None,
        }
    }

    /// The known event that this is.
    pub fn event_type(&self) -> Option<EventType> {
        self.envelope.event_type
    }
}

/// An event on its way into a handler's arguments.
#[derive(Debug)]
pub struct Delivered<'a, C> {
    /// What was read; `None` if no argument asks for it, or once it is taken.
    pub(crate) content: Option<C>,
    pub(crate) header: UnreadHeader<'a>,
    pub(crate) reports: Vec<Report>,
    pub(crate) delivery: LazyDelivery,
    /// The payload as it came, if an argument asks for it.
    pub(crate) json: Option<&'a RawValue>,
}
