//! Commands that are programs of their own, with an HTTP client each: started, not linked.

pub mod fetch;
pub mod run;
pub mod send;
