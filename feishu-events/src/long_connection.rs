//! Receiving events over a connection that the app opens to the platform.

pub(crate) mod frame;
#[cfg(test)]
mod vectors;
