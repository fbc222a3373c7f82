//! The official test vectors for frames.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The vectors, or `None` with a word to the reader where there are none.
pub(crate) fn vectors() -> Option<Vec<Value>> {
    crate::test_support::vectors::read("frames.json")
}

/// The messages of a vector.
pub(crate) fn messages(vector: &Value) -> Vec<Vec<u8>> {
    let messages = vector["frames"].as_array().unwrap().iter();
    let messages = messages.map(|message| STANDARD.decode(message.as_str().unwrap()).unwrap());
    messages.collect()
}
