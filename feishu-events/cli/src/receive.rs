//! Receiving events: what `tail` and `serve` share.

pub(crate) mod durable;
pub(crate) mod end;
pub(crate) mod event;
pub(crate) mod filter;
pub(crate) mod handler;
pub(crate) mod options;
pub(crate) mod pretty;
pub(crate) mod select;
mod time;
