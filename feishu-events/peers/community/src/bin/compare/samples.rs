//! The documented samples.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use feishu_events::testing::EventRequest;
use feishu_events_benches::DocumentedSample;
use http::Request;
use serde_json::Value;
use serde_json::value::RawValue;

/// The key with which the requests are encrypted and signed.
pub(crate) const KEY: &str = "an invented encrypt key";

/// A sample, as the platform sends it.
pub(crate) struct Sample {
    pub(crate) event_type: String,
    pub(crate) json: String,
    /// The member `event`.
    pub(crate) payload: String,
    /// The same, signed and encrypted.
    pub(crate) request: Request<Bytes>,
}

impl Sample {
    fn new(event_type: String, json: String) -> Self {
        let members: BTreeMap<&str, &RawValue> = serde_json::from_str(&json).unwrap();
        Self {
            payload: members["event"].get().to_owned(),
            request: EventRequest::recorded(&*json).encrypt_key(KEY).into_http(),
            event_type,
            json,
        }
    }

    /// The same as another event: a receiver may remember those it has had.
    pub(crate) fn with_new_ids(&self) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let value: Value = serde_json::from_str(&self.json).unwrap();
        let mut json = self.json.clone();
        for place in ["/header/event_id", "/event/message/message_id"] {
            if let Some(id) = value.pointer(place).and_then(Value::as_str) {
                let new = format!("{:032x}", NEXT.fetch_add(1, Ordering::Relaxed));
                json = json.replace(&format!("\"{id}\""), &format!("\"{new}\""));
            }
        }
        Self::new(self.event_type.clone(), json)
    }
}

/// All samples.
///
/// # Errors
/// Why there are none.
pub(crate) fn all() -> Result<Vec<Sample>, String> {
    let samples = feishu_events_benches::samples()?.into_iter();
    let sample = |documented: DocumentedSample| Sample::new(documented.event_type, documented.json);
    Ok(samples.map(sample).collect())
}
