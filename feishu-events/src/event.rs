//! From the bytes of an envelope, in either protocol, to its header and its event.

pub(crate) mod envelope;
pub(crate) mod header;
pub(crate) mod payload;
pub(crate) mod person_id;
pub(crate) mod raw;
pub(crate) mod time;
pub(crate) mod unread_header;
pub(crate) mod user_id;
