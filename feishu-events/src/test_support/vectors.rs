//! The official SDKs' test vectors, which lie beside the documentation.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

/// The vectors in `file`, or `None` with a word to the reader where there are none.
pub(crate) fn read(file: &str) -> Option<Vec<Value>> {
    let skipped = |why: &str| {
        // Not `eprintln!`, which is not shown of a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped the vectors of {file}: {why}");
    };
    let Some(docs) = std::env::var_os("FEISHU_DOCS") else {
        skipped("FEISHU_DOCS is not set, and they lie beside the docs");
        return None;
    };
    let path = Path::new(&docs).join("../protocol/vectors").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        skipped(&format!("there is no {}", path.display()));
        return None;
    };
    let vectors: Value = serde_json::from_str(&text).expect("vectors are JSON");
    vectors["vectors"].as_array().cloned()
}
