//! What the macros reach. Not part of the public interface.

pub use crate::argument::Argument;
pub use crate::content::{Content, Custom};
pub use crate::envelope::Unread;
pub use crate::event::Payload;
pub use crate::event_type::EventType;
pub use crate::handler::{AssociatedRegistered, Handler, On, Outcome, Registered, number_of};
pub use crate::routes::{Handled, OneHandlerOf, Routed, Routes, Undecoded, other_handler, takes};
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use serde_json::Value;

pub use crate::open_enum::{OpenEnum, WireKind, WireValue, open_enum};
pub use crate::read::deserialize;
pub use crate::record::{Item, Record, RecordDef, Slot, View, record_traits, slot, view};
pub use crate::time::instant;
pub use crate::write::{debug, serialize};

/// For each service a macro of its name, that takes one of two pieces of code.
pub mod feature_gates {
    pub use crate::generated::feature_gates::*;
}
