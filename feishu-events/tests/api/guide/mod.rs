//! The guide says what is so: its messages are the code's, its numbers too. Its Rust is compiled as
//! documentation; its commands are parsed by xtask's own test.

#![allow(clippy::unwrap_used)] // a failed test says where

mod exports;
mod numbers;
mod pages;
mod private_events;
mod readme;
