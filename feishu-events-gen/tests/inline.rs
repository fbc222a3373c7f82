//! A program compiles what it uses of the generated types, and the library compiles none of them.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;
use std::path::Path;

/// The functions in a file that the compiler makes code of before anybody calls them.
fn eager(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_fn = |line: &str| line.trim_start_matches("pub ").starts_with("fn ");
    let eager = |two: &&[&str]| is_fn(two[1]) && two[0] != "#[inline]";
    lines.windows(2).filter(eager).map(|two| two[1]).collect()
}

#[test]
fn no_type_costs_those_who_do_not_use_it() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../feishu-events/src/generated/services");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(eager(&text), [""; 0], "{}", path.display());
        files += 1;
    }
    assert!(files > 20, "{files} services");
}
