//! The documented samples, as text, so that their members stay in the platform's order.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// All samples; `None` if it is not known where the documentation is.
pub(crate) fn all() -> Option<Vec<String>> {
    let docs = std::env::var("FEISHU_DOCS").ok()?;
    let lines = std::fs::read_to_string(std::path::Path::new(&docs).join("samples.jsonl")).unwrap();
    let body = |line: &str| {
        let line: BTreeMap<String, Box<RawValue>> = serde_json::from_str(line).unwrap();
        line["body"].get().to_owned()
    };
    Some(lines.lines().map(body).collect())
}
