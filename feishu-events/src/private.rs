//! What the macros reach. Not part of the public interface.

pub use crate::dispatch::{Handling, OneHandlerOf, Routed, Routes, Undecoded};
pub use crate::event::Payload;
pub use crate::event_type::EventType;
pub use crate::handler::{Argument, Delivered, Handler, HandlerError, Outcome};

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use serde_json::Value;

pub use crate::open_enum::{OpenEnum, WireKind, WireValue, open_enum};
pub use crate::read::deserialize;
pub use crate::record::{Item, Record, RecordDef, Slot, View, record_traits, slot, view};
pub use crate::time::instant;
pub use crate::write::{debug, serialize};

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
            event: None,
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
