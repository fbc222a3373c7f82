//! The README's measured table bears out what the README says of it.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;
use std::path::{Path, PathBuf};

/// A row with something beside it.
struct Row {
    what: String,
    beside: String,
    ratio: f64,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn table() -> String {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- bench -->").unwrap();
    let (table, _) = rest.split_once("<!-- end of bench -->").unwrap();
    table.to_owned()
}

fn rows(table: &str) -> Vec<Row> {
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let lines = table.lines().filter(|line| line.starts_with('|'));
    let rows = lines.filter_map(|line| {
        let [what, _, beside, _, ratio] = cells(line).try_into().ok()?;
        let ratio = ratio.parse().ok()?;
        Some(Row {
            what,
            beside,
            ratio,
        })
    });
    rows.collect()
}

#[test]
fn we_are_ahead_of_each_peer_but_for_what_the_limits_name() {
    let table = table();
    assert!(!table.contains("Not measured"), "a part is missing");
    let rows = rows(&table);
    for part in [
        "larksuite",
        "openlark",
        "lark-oapi",
        "node-sdk",
        "clean release build",
    ] {
        let mut named = rows.iter().map(|row| [&*row.what, &*row.beside].concat());
        assert!(named.any(|row| row.contains(part)), "no row about {part}");
    }
    for row in rows {
        let is_floor = row.beside.starts_with("*floor:*");
        let is_limit = row.beside.starts_with("openlark") && row.what.contains("size");
        assert!(
            row.ratio >= 1.0 || is_floor || is_limit,
            "{} beside {}: {}",
            row.what,
            row.beside,
            row.ratio
        );
    }
}
