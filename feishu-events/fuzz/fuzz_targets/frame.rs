//! Any bytes as a frame of the long connection: what can be read can be written, and reads the same.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| feishu_events::__fuzzing::frame(bytes));
