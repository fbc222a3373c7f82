//! What is answered to the platform for an event, and when: the same for every transport.
//!
//! A transport hands each envelope to the [`Acceptor`], which reads it at once and gives back what
//! will know the [`Answer`]. A handler that has to wait does so in a task of its own, so that neither
//! a connection that breaks nor a deadline that passes stops it half-way.

mod accept;
mod admission;
mod answer;
mod answered;
mod claim;
mod dyn_store;
mod event_ids;
mod hashed_key;
mod identity;
mod in_flight;
mod in_flight_events;
mod keep;
#[cfg_attr(not(feature = "long-connection"), allow(dead_code))] // only there events have an order
mod keyed_queue;
mod late_failure;
mod log_limit;
mod memory;
mod monitor;
mod options;
mod order_key;
mod run;
mod shared;
mod short_text;
mod shutdown;
mod spawned;
mod state;
mod status;
mod store;
mod task;
#[cfg(test)]
mod tests;
mod unhandled;
mod within;

pub(crate) use accept::{AcceptedEvent, Acceptor};
pub(crate) use answer::Answer;
#[cfg(feature = "testing")]
pub(crate) use identity::remembered_by;
pub use keep::{ArrivedEvent, KeepEvents};
#[cfg(feature = "long-connection")]
pub(crate) use keyed_queue::{KeyedQueue, Ticket};
pub use late_failure::LateFailure;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
pub(crate) use log_limit::LogLimit;
pub use memory::MemoryStore;
pub use monitor::DeliveryMonitor;
pub use options::{Ack, DeliveryOptions, UnhandledPolicy};
#[cfg(feature = "long-connection")]
pub(crate) use order_key::documented_order_key;
#[cfg(feature = "webhook")]
pub(crate) use run::Answering;
pub use shutdown::{CutOff, Drained};
pub use status::{DeliveryStatus, OldestEvent};
pub use store::{Claim, DedupeStore, StoreError};
#[cfg(any(
    feature = "long-connection",
    all(feature = "tower", feature = "webhook")
))]
pub(crate) use within::after;
#[cfg(all(feature = "tower", feature = "webhook"))]
pub(crate) use within::within;
