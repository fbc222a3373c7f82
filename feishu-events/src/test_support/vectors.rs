//! The official SDKs' test vectors, kept beside the documentation pages.

use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

/// The vectors in `file`; prints why and returns `None` if there are none.
pub(crate) fn read(file: &str) -> Option<Vec<Value>> {
    let skipped = |why: &str| {
        // Not `eprintln!`: its output is hidden for a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped the vectors of {file}: {why}");
    };
    let Some(docs) = std::env::var_os("FEISHU_DOCS") else {
        skipped("FEISHU_DOCS is not set");
        return None;
    };
    let path = Path::new(&docs).join("../protocol/vectors").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        skipped(&format!("{} does not exist", path.display()));
        return None;
    };
    let vectors: Value = serde_json::from_str(&text).expect("vectors are JSON");
    vectors["vectors"].as_array().cloned()
}
