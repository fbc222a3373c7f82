//! Typed events of Feishu (Lark): every known event as a struct, handlers whose event names the
//! compiler checks, and receivers for webhooks and over the long connection.
//!
//! ```
//! use feishu_events::{Context, Dispatcher, contact, dispatcher, feishu_handler};
//!
//! #[feishu_handler("contact.department.updated_v3")]
//! async fn on_department_updated(event: contact::DepartmentUpdatedV3, context: Context) {
//!     let name = event.object.and_then(|department| department.name);
//!     println!("{:?} of {:?}", name, context.header.tenant_key);
//! }
//!
//! let dispatcher: Dispatcher = dispatcher![on_department_updated];
//! ```
//!
//! A [`Dispatcher`] hands events to handlers. The receiver, `Webhook` (feature `webhook`), checks
//! what comes over HTTP and gives it to a dispatcher; `LongConnection` (feature `long-connection`)
//! fetches events from the platform and needs no public address. [`Envelope::from_slice`] reads an event
//! without either. The services are modules, and cargo features that are all on by default.
//!
//! The platform leaves out fields that an app has no scope for, so every field is an `Option`.
//! Where an event does not agree with its documentation, it is read all the same and a [`Report`]
//! says so. An event of an unknown type is [`Event::Unknown`] with its JSON.
//!
//! The [`guide`] goes from an empty folder to an app in production, and has the error messages.
//!
//! # Features
//!
//! | feature | what it brings |
//! | --- | --- |
//! | `all-services` (default) | the types of all services; without it, name those you want: `contact`, `im`, … |
//! | `webhook` | `Webhook`, the receiver for HTTP |
//! | `long-connection` | `LongConnection`, the receiver that needs no public address |
//! | `tower` | `Webhook` as a `tower::Service`; layers round handlers |
//! | `delivery` | what the receivers have in common; each turns it on |
//! | `testing` | events, requests, samples and, with `long-connection`, a gateway for tests |
//!
//! # Versions
//!
//! A version is as compatible as semver says, of what is documented here. What the platform adds (an
//! event, a field, a listed value) is an addition: the enums of events and values and the payloads
//! are `#[non_exhaustive]`. What it takes away or renames is a new major version (while this is
//! 0.x, a new minor one), and `CHANGELOG.md` names the items. Rust 1.88 is the oldest that builds
//! this; a newer one is asked for in minor versions only.

#![cfg_attr(docsrs, feature(doc_cfg))]

// The macros name this crate by its public path, in its own tests too.
#[cfg(all(test, feature = "webhook"))]
extern crate self as feishu_events;

mod argument;
pub mod callback;
mod caught;
mod content;
mod context;
#[cfg(feature = "webhook")]
mod crypto;
#[cfg(feature = "delivery")]
#[cfg_attr(
    not(any(feature = "webhook", feature = "long-connection")),
    allow(dead_code, unused_imports)
)] // transports use it
mod delivery;
mod dispatch;
mod envelope;
mod event;
mod event_type;
mod explain;
mod feature_gates;
#[rustfmt::skip]
#[allow(clippy::doc_markdown, clippy::too_many_lines)]
mod generated;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod guide;
mod handler;
mod header;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "long-connection")]
pub mod long_connection;
mod manifest;
mod merge;
mod open_enum;
#[cfg(test)]
mod properties;
mod read;
mod record;
mod report;
mod routes;
mod scalar;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
mod secret;
#[cfg(test)]
#[cfg(feature = "delivery")]
mod test_log;
#[cfg(all(test, any(feature = "webhook", feature = "long-connection")))]
mod test_vectors;
#[cfg(feature = "testing")]
pub mod testing;
mod time;
mod user_id;
#[cfg(feature = "webhook")]
mod webhook;
mod words;
mod write;

pub use argument::{FromRef, RawEvent, State};
pub use context::{Context, Delivery, Kept, LastAttempt, Transport};
#[cfg(feature = "webhook")]
pub use crypto::DecryptError;
#[cfg(feature = "delivery")]
pub use delivery::{
    Ack, ArrivedEvent, Claim, CutOff, DedupeStore, DeliveryOptions, Drained, KeepEvents,
    LateFailure, MemoryStore, StoreError, Unhandled,
};
pub use dispatch::{DispatchError, Dispatched, Dispatcher, Reply};
pub use envelope::{Envelope, EnvelopeError};
pub use event::{CustomPayload, Event, Payload, UnknownEvent};
pub use event_type::{AppType, EventType, FieldScopes, Scope, UnknownEventType};
pub use explain::Explanation;
pub use feishu_events_macros::{dispatcher, feishu_handler};
pub use generated::names;
pub use handler::HandlerError;
pub use header::{Header, Protocol};
#[cfg(feature = "tower")]
pub use layer::{HandlerCall, HandlerService};
#[cfg(feature = "long-connection")]
pub use long_connection::{
    Domain, LongConnection, LongConnectionBuildError, LongConnectionBuilder, LongConnectionError,
};
pub use manifest::{Manifest, Unlock};
pub use merge::MergeError;
pub use open_enum::UnknownValue;
pub use report::{Disagreement, Report, ReportKind};
pub use user_id::UserId;
#[cfg(feature = "webhook")]
pub use webhook::{NoSecret, Refusal, Webhook, WebhookBuilder};

include!("generated/offers.rs");

/// The examples of the README compile.
#[cfg(all(doctest, feature = "webhook", feature = "long-connection"))]
#[doc = include_str!("../README.md")]
struct Readme;
