//! One documentation page, in any form in which people have it, to the schemas of its events.
//!
//! A page flows one way: bytes → text ([`decode`]) → sections (`page`) → rows (`dialect`) → nesting
//! ([`levels`]) → checked against the page's own sample (`crosscheck`) →
//! [`EventSchema`](feishu_events_gen::internals::schema::EventSchema) ([`read`]).

mod crosscheck;
pub mod decode;
mod dialect;
pub(crate) mod facts;
pub mod finding;
pub mod levels;
pub(crate) mod page;
mod protocol;
pub mod read;
pub(crate) mod sample;
pub mod source;
