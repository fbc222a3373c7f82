//! What macros and generated code refer to. Not part of the public interface.

pub use crate::catalog::event_type::EventType;
pub use crate::event::envelope::LazyPayload;
pub use crate::event::payload::Payload;
pub use crate::handler::argument::{Argument, ArgumentOfNamed, Checked, IsChecked};
pub use crate::handler::by_type::{ArgumentsNameEvent, NamesEvent};
pub use crate::handler::content::{Content, Custom};
pub use crate::handler::for_editors::for_editors;
pub use crate::handler::registered::{
    AssociatedHandler, AssociatedRegistered, Handler, HandlerOutput, Registered, event_id, wants,
};
pub use crate::handler::routes::{Handled, OneHandlerOf, Routed, Routes, handles, other_handler};
pub use crate::handler::undecoded::Undecoded;
pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use serde_json::Value;

pub use crate::event::time::instant;
pub use crate::json::mixed::items;
pub use crate::json::open_enum::{OpenEnum, WireKind, WireValue, open_enum};
pub use crate::json::read::deserialize;
pub use crate::json::record::{Item, Record, RecordDef, Slot, View, record_traits, slot, view};
pub use crate::json::write::{debug, serialize};

/// One macro per service: it expands to one of two pieces of code, by the service's cargo feature.
pub mod feature_gates {
    pub use crate::generated::feature_gates::*;
}
