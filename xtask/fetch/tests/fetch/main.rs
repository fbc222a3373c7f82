//! The whole command against a portal of our own, which is as unreliable as a test wants it.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod faults;
mod hostile;
mod interrupted;
mod pages;
mod portal;
mod real;
mod report;
mod run;
mod selection;
#[path = "../../../tests/shared_docs/mod.rs"]
mod shared_docs;
mod unchanged;
