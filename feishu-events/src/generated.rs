//! What `cargo xtask generate` writes, and nobody edits.

pub(crate) mod catalog {
    pub(crate) mod event_type;
    pub(crate) mod metadata;
}
pub(crate) mod event;
pub(crate) mod feature_gates;
pub(crate) mod services;
