//! What the macros reach. Not part of the public interface.

pub use crate::argument::Argument;
pub use crate::content::{Content, Custom};
pub use crate::event::Payload;
pub use crate::event_type::EventType;
pub use crate::handler::{AssociatedRegistered, Handler, On, Outcome, Registered, number_of};
pub use crate::routes::{Handled, OneHandlerOf, Routed, Routes, Undecoded, is_free, takes};
