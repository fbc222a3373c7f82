//! What the macros reach. Not part of the public interface.

pub use crate::dispatch::{Handling, OneHandlerOf, Routed, Routes, Undecoded};
pub use crate::event::Payload;
pub use crate::event_type::EventType;
pub use crate::handler::{Argument, Delivered, Handler, HandlerError, Outcome};

use crate::record::{Record, RecordDef, Slot, View};

/// The payload of a handler whose attribute is wrong: it keeps other errors quiet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Unnamed;

impl Payload for Unnamed {
    const EVENT_TYPE: EventType = EventType::ALL[0];
}

impl Record for Unnamed {
    fn def(&self) -> &'static RecordDef {
        &RecordDef {
            name: "Unnamed",
            fields: &[],
        }
    }
    fn slots(&mut self, fill: &mut dyn FnMut(&mut [Slot<'_>])) {
        fill(&mut []);
    }
    fn views(&self, show: &mut dyn FnMut(&[View<'_>])) {
        show(&[]);
    }
}
