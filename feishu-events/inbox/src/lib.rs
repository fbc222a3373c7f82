//! A durable inbox for [`feishu_events`]: events are kept before they are acknowledged, and handled
//! by workers that survive crashes.
//!
//! An [`Inbox`] sits between a receiver and the handlers. The receiver uses [`Inbox::dispatcher`],
//! which keeps each event in an [`InboxStore`] before it is acknowledged; [`Inbox::start`] passes the
//! kept events to the handlers.
//!
//! ```text
//! Webhook, LongConnection ──keep──▶ InboxStore ──lease──▶ worker ──begin──▶ handler ──settle──▶ InboxStore
//!                         ◀──ack──
//! ```
//!
//! # States
//!
//! ```text
//! waiting ──lease──▶ leased ──begin──▶ begun ──▶ done      handled; the body is dropped, the key kept
//!    ▲                  │                │
//!    ├──lease ran out───┘                ├─────▶ dead      failed for good, or too often
//!    ├──failed: after a pause────────────┤
//!    └──lease ran out: interrupted───────┴─────▶ held      if interrupted events are to be held
//! ```
//!
//! A handler runs only in the state `begun`. So an event that was `waiting` or `leased` when its process
//! ended is handled as if nothing had happened, but one that was `begun` may have been handled: the
//! handler can tell from [`Delivery::is_repetition`](feishu_events::Delivery::is_repetition).
//!
//! # Which store
//!
//! | | for | durable |
//! | --- | --- | --- |
//! | [`SqliteStore`] | one machine, any number of processes | yes, even after a power loss |
//! | `RedisStore` (feature `redis`) | several machines | depends on the server: with `appendfsync always`, yes |
//! | `PostgresStore` (feature `postgres`) | several machines, and effects that happen exactly once | yes |
//! | [`MemoryStore`] | tests | no |
//!
//! # When the store fails
//!
//! An event that cannot be kept is not acknowledged, and the platform sends it again for seven hours. The
//! [`InboxError`] says which store failed and what to do; [`Inbox::status`] and the log repeat it:
//!
//! | what is wrong | [`ErrorKind`] |
//! | --- | --- |
//! | the server is down, or its address wrong | `Unreachable` |
//! | the server hangs, or another program has the SQLite file locked | `TimedOut` |
//! | user, password or permissions of the file | `AccessDenied` |
//! | the disk or the server's memory is full | `Full`; a Redis with `appendfsync always` then exits: `Unreachable` |
//! | the file, its folder or the server is read-only | `ReadOnly` |
//! | a newer version of this crate wrote the tables | `NewerSchema` |
//! | the place contains something else | `NotAnInbox` |

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod builder;
#[cfg(feature = "cli")]
mod command;
#[cfg(feature = "encryption")]
mod encryption;
mod entry;
mod error;
mod inbox;
mod keep;
mod memory;
mod observe;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
mod retry;
mod settings;
mod shared;
mod shared_store;
#[cfg(any(feature = "sqlite", feature = "sqlite-system"))]
mod sqlite;
mod stage;
mod status;
mod store;
mod workers;

pub use builder::InboxBuilder;
#[cfg(feature = "cli")]
pub use command::OperatorArgs;
#[cfg(feature = "encryption")]
pub use encryption::{Encryption, EncryptionError};
pub use entry::Entry;
pub use error::{ErrorKind, InboxError};
pub use inbox::Inbox;
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
pub use retry::Retry;
#[cfg(any(feature = "sqlite", feature = "sqlite-system"))]
pub use sqlite::{SqliteOptions, SqliteStore};
pub use status::Status;
pub use store::{
    BoxFuture, Depth, Held, InboxStore, Interrupted, KeepOutcome, Lease, LeaseId, LeaseRequest,
    Leases, Outcome, Query, Selection, State, Summary,
};
pub use workers::{Stopped, Workers};

/// The example of the README compiles.
#[cfg(all(doctest, feature = "sqlite"))]
#[doc = include_str!("../README.md")]
struct Readme;
