//! The documented samples.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use feishu_events::testing::EventRequest;
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

/// All samples; `None` if it is not known where the documentation is.
pub(crate) fn all() -> Option<Vec<Sample>> {
    let docs = PathBuf::from(std::env::var_os("FEISHU_DOCS")?);
    let text = std::fs::read_to_string(docs.join("samples.jsonl")).unwrap();
    let sample = |line| {
        let line: BTreeMap<&str, &RawValue> = serde_json::from_str(line).unwrap();
        let event_type = serde_json::from_str(line["type"].get()).unwrap();
        // With their members in the platform's order, which a `Value` would lose.
        Sample::new(event_type, line["body"].get().to_owned())
    };
    Some(text.lines().map(sample).collect())
}
