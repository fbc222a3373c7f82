//! Typed events of Feishu (Lark).

// The macros name this crate by its public path, in its own tests too.
#[cfg(all(test, feature = "webhook"))]
extern crate self as feishu_events;

mod context;
#[cfg(feature = "webhook")]
mod crypto;
#[cfg(feature = "delivery")]
#[cfg_attr(not(feature = "webhook"), allow(dead_code, unused_imports))] // transports use it
mod delivery;
mod dispatch;
mod envelope;
mod event;
mod event_type;
#[rustfmt::skip]
#[allow(clippy::doc_markdown, clippy::too_many_lines)]
mod generated;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod handler;
mod header;
mod read;
mod record;
mod report;
mod scalar;
#[cfg(feature = "webhook")]
mod secret;
#[cfg(feature = "testing")]
pub mod testing;
mod user_id;
#[cfg(feature = "webhook")]
mod webhook;
mod write;

pub use context::{Context, Delivery, Transport};
#[cfg(feature = "webhook")]
pub use crypto::DecryptError;
#[cfg(feature = "delivery")]
pub use delivery::{
    Ack, Claim, CutOff, DedupeStore, DeliveryOptions, Drained, LateFailure, MemoryStore,
    StoreError, Unhandled,
};
pub use dispatch::{DispatchError, Dispatched, Dispatcher, Reply};
pub use envelope::{Envelope, EnvelopeError};
pub use event::{Event, Payload, UnknownEvent};
pub use event_type::{AppType, EventType, FieldScopes, Scope, UnknownEventType};
pub use feishu_events_macros::{dispatcher, feishu_handler};
#[allow(unused_imports, unreachable_pub)] // without any service there is nothing in it
pub use generated::*;
pub use handler::HandlerError;
pub use header::{Header, Protocol};
pub use report::{Report, ReportKind};
pub use user_id::UserId;
#[cfg(feature = "webhook")]
pub use webhook::{NoSecret, Refusal, Webhook, WebhookBuilder};
