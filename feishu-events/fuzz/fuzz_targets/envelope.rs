//! Any bytes as an envelope: what can be read can be written, and reads the same again.
#![no_main]

// Each target uses one of them.
#[allow(dead_code)]
mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| checks::envelope(bytes));
