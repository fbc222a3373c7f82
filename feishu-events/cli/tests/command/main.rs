//! The command, as a program beside a platform in a box.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod box_of;
mod describe;
mod destinations;
mod ends;
mod inbox;
mod lossless;
mod program;
mod secrets;
mod selection;
mod serve;
