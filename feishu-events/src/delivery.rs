//! What is answered to the platform for an event, and when: the same for every transport.
//!
//! A transport hands each envelope to the [`Intake`], which reads it at once and gives back what
//! will know the [`Answer`]. A handler that has to wait does so in a task of its own, so that neither
//! a connection that breaks nor a deadline that passes stops it half-way.

mod answer;
mod claim;
mod event_facts;
mod gate;
mod intake;
mod keep;
mod late;
mod memory;
mod options;
mod order_key;
mod phase;
mod shutdown;
mod store;
mod task;
#[cfg(test)]
mod tests;
#[cfg_attr(not(feature = "long-connection"), allow(dead_code))] // only there events have an order
mod turn;
mod unhandled;
mod within;

pub(crate) use answer::Answer;
pub(crate) use intake::{Intake, Taken};
pub use keep::{ArrivedEvent, KeepEvents};
pub use late::LateFailure;
pub use memory::MemoryStore;
pub use options::{Ack, DeliveryOptions, Unhandled};
#[cfg(feature = "long-connection")]
pub(crate) use order_key::documented_order_key;
pub use shutdown::{CutOff, Drained};
pub use store::{Claim, DedupeStore, StoreError};
#[cfg(feature = "long-connection")]
pub(crate) use turn::{Turn, Turns};
#[cfg(feature = "long-connection")]
pub(crate) use within::after;
