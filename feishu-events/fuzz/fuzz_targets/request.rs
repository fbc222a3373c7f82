//! Any bytes as the event of a signed and encrypted request: it is answered, whatever it is.
#![no_main]

mod webhook;

use feishu_events::testing::encrypted_request;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (head, body) = encrypted_request(webhook::KEY, bytes).into_parts();
    webhook::answer(&head.headers, &body);
});
