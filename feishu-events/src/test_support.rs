//! Helpers shared by unit tests.

#[cfg(feature = "delivery")]
pub(crate) mod log;
#[cfg(any(feature = "webhook", feature = "long-connection"))]
pub(crate) mod vectors;
