//! What keeps untrusted text and secrets out of logs and errors.

pub(crate) mod one_line;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
pub(crate) mod secret;
