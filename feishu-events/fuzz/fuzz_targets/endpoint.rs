//! Any bytes as the platform's answer to the request for a connection's address.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| feishu_events::__fuzzing::endpoint(bytes));
