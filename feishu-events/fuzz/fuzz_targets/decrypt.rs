//! Any bytes as the body of an unsigned request.
#![no_main]

mod webhook;

use http::HeaderMap;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| webhook::answer(&HeaderMap::new(), bytes));
