//! The official test vectors for frames.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The vectors, or `None` with a word to the reader where there are none.
pub(crate) fn vectors() -> Option<Vec<Value>> {
    let Ok(docs) = std::env::var("FEISHU_DOCS") else {
        eprintln!("skipped: FEISHU_DOCS is not set, and the vectors lie beside the docs");
        return None;
    };
    let path = PathBuf::from(docs).join("../protocol/vectors/frames.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    Some(file["vectors"].as_array().unwrap().clone())
}

/// The messages of a vector.
pub(crate) fn messages(vector: &Value) -> Vec<Vec<u8>> {
    let messages = vector["frames"].as_array().unwrap().iter();
    let messages = messages.map(|message| STANDARD.decode(message.as_str().unwrap()).unwrap());
    messages.collect()
}
