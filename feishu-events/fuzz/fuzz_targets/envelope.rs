//! Any bytes as an envelope: what can be read can be written, and reads the same again.
#![no_main]

use feishu_events::{Envelope, Protocol};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(envelope) = Envelope::from_slice(bytes) else {
        return;
    };
    let json = serde_json::to_vec(&envelope).expect("an envelope is written");
    let again = Envelope::from_slice(&json).expect("what was written is an envelope");
    assert_eq!(again.header.event_id, envelope.header.event_id);
    // In protocol 1.0 the header writes members of the payload: a value with a report is written as
    // the header has it.
    if envelope.header.protocol == Protocol::V2 || envelope.reports.is_empty() {
        assert_eq!(again.event, envelope.event);
    }
});
