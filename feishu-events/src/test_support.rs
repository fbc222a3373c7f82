//! What several unit tests need.

#[cfg(feature = "delivery")]
pub(crate) mod log;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
pub(crate) mod vectors;
