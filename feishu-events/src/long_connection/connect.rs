//! From an app's id to an open WebSocket: the platform's endpoint, the dial, proxy, TLS, upgrade.

pub(super) mod codes;
pub(super) mod dial;
pub(crate) mod domain;
pub(super) mod endpoint;
mod exchange;
pub(super) mod proxy;
pub(super) mod tls;
pub(super) mod transport;
pub(super) mod upgrade;
