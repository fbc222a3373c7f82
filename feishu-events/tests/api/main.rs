//! What users call, as they call it: one binary, because linking takes longer than the tests.

mod dispatch;
mod drift;
mod drift_counts;
mod explanations;
mod features;
mod fuzz_seeds;
mod guide;
mod handlers;
mod row_scopes;
mod webhook;
mod wire_shapes;
