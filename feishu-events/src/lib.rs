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
//! A [`Dispatcher`] passes events to handlers. `Webhook` (feature `webhook`) verifies HTTP requests and
//! passes their events to a dispatcher; `LongConnection` (feature `long-connection`) receives events over
//! a connection to the platform and needs no public address. [`Envelope::from_slice`] reads an event
//! without either. The services are modules, and cargo features that are all enabled by default.
//!
//! The platform leaves out fields that an app has no scope for, so every field is an `Option`.
//! Where an event differs from its documentation, it is still read, and a [`Report`] describes the
//! difference. An event of an unknown type is [`Event::Unknown`] with its JSON.
//!
//! The [`guide`] leads from an empty folder to an app in production, and explains common errors.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `all-services` (default) | the types of all services; without it, name those you want: `contact`, `im`, … |
//! | `webhook` | `Webhook`, the receiver for HTTP |
//! | `long-connection` | `LongConnection`, the receiver that needs no public address |
//! | `tower` | `tower` layers around handlers; with `webhook`, `Webhook` as a `tower::Service` |
//! | `delivery` | shared by the receivers, which enable it |
//! | `cloudevents` | `Envelope::to_cloud_event`: events for brokers and functions that speak CloudEvents |
//! | `drift` | `Drift`, which counts how what arrives differs from the documentation |
//! | `testing` | events, requests, samples and, with `long-connection`, a gateway for tests |
//!
//! # Versions
//!
//! Documented items follow semver. What the platform adds (an event, a field, a listed value) is a
//! compatible addition: the enums of events and values and the payloads are `#[non_exhaustive]`. What
//! it removes or renames needs a new major version (while this is 0.x, a new minor one), and
//! `CHANGELOG.md` lists the items. The minimum Rust version is 1.88; it is raised in minor versions
//! only.

#![cfg_attr(docsrs, feature(doc_cfg))]

// The macros name this crate by its public path, in its own tests too.
#[cfg(all(test, feature = "webhook"))]
extern crate self as feishu_events;

pub mod callback;
mod catalog;
#[cfg(feature = "cloudevents")]
pub mod cloud_event;
mod console;
#[cfg(feature = "delivery")]
#[cfg_attr(
    not(any(feature = "webhook", feature = "long-connection")),
    allow(dead_code, unused_imports)
)] // transports use it
mod delivery;
#[cfg(feature = "drift")]
mod drift;
mod event;
#[rustfmt::skip]
#[allow(clippy::doc_markdown, clippy::too_many_lines)]
mod generated;
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod guide;
mod handler;
mod json;
#[cfg(feature = "long-connection")]
pub mod long_connection;
#[rustfmt::skip]
#[path = "generated/catalog/names.rs"]
pub mod names;
mod redact;
#[cfg(feature = "serve")]
mod serve;
#[cfg(test)]
mod test_support;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "webhook")]
mod webhook;

pub use catalog::access::{Identity, ScopeGroup, Subscription};
pub use catalog::event_type::{AppType, EventType, FieldScopes, Scope, UnknownEventType};
pub use catalog::portal::Portal;
pub use catalog::protocol::Protocol;
pub use console::explain::Explanation;
pub use console::fields::{Field, FieldKind};
pub use console::manifest::{Manifest, OptionalScope};
#[cfg(feature = "delivery")]
pub use delivery::{
    Ack, ArrivedEvent, Claim, CutOff, DedupeStore, DeliveryMonitor, DeliveryOptions,
    DeliveryStatus, Drained, KeepEvents, LateFailure, MemoryStore, OldestEvent, StoreError,
    UnhandledPolicy,
};
#[cfg(feature = "drift")]
pub use drift::{Drift, DriftError};
pub use event::envelope::{Envelope, EnvelopeError};
pub use event::header::Header;
pub use event::payload::{CustomPayload, Event, Payload, UnknownEvent};
pub use event::person_id::PersonId;
pub use event::raw::RawEvent;
pub use event::user_id::UserId;
pub use feishu_events_macros::{dispatcher, feishu_handler};
pub use handler::argument::{FromRef, State};
pub use handler::context::{Context, Delivery, Kept, LastAttempt, Transport};
pub use handler::dispatcher::{DispatchError, Dispatched, Dispatcher};
#[cfg(feature = "tower")]
pub use handler::layer::{HandlerCall, HandlerService};
pub use handler::merge::MergeError;
pub use handler::reply::{HandlerError, Reply};
pub use json::open_enum::UnknownValue;
pub use json::report::{Disagreement, Report, ReportKind};
#[cfg(feature = "long-connection")]
pub use long_connection::{
    builder::{LongConnectionBuildError, LongConnectionBuilder},
    client::{LongConnection, LongConnectionError},
    connect::domain::Domain,
};
#[cfg(feature = "serve")]
pub use serve::serve;
#[cfg(feature = "webhook")]
pub use webhook::crypto::DecryptError;
#[cfg(feature = "webhook")]
pub use webhook::{Refusal, Webhook, WebhookBuildError, WebhookBuilder};

#[cfg(all(fuzzing, feature = "long-connection"))]
#[doc(hidden)]
pub use long_connection::fuzzing as __fuzzing;

#[cfg(not(doc))]
include!("generated/reexports.rs");
#[cfg(doc)]
include!("generated/documented.rs");

/// The examples of the README compile.
#[cfg(all(doctest, feature = "serve", feature = "long-connection"))]
#[doc = include_str!("../README.md")]
struct Readme;
