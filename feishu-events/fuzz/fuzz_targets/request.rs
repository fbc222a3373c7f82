//! Any bytes as the body of an unsigned request, whatever secrets the webhook has.
#![no_main]

// Each target uses one of them.
#[allow(dead_code)]
mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| checks::request(bytes));
