//! What the generated types cost: a program compiles those it uses, and their pages show what they have
//! and no other type has.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;
use std::path::Path;

/// What keeps a function out of the library's release build until it is used.
const INLINE: &str = "#[cfg_attr(not(debug_assertions), inline)]";

/// The functions in a file that the compiler makes code of before anybody calls them.
fn eager(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let is_fn = |line: &str| line.trim_start_matches("pub ").starts_with("fn ");
    let eager = |two: &&[&str]| is_fn(two[1]) && two[0] != INLINE;
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

#[test]
fn every_type_that_is_hidden_in_the_documentation_is_shown_in_its_module() {
    let types = Path::new(env!("CARGO_MANIFEST_DIR")).join("../feishu-events/src/generated");
    let shown = fs::read_to_string(types.join("documented.rs")).unwrap();
    let mut count = 0;
    for entry in fs::read_dir(types.join("services")).unwrap() {
        let path = entry.unwrap().path();
        let service = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let exports = shown.split_once(&format!(
            "    pub use crate::generated::services::{service}::"
        ));
        let exports = exports.map_or("", |(_, rest)| rest.split(';').next().unwrap());
        let shown: Vec<&str> = exports.split(|c: char| !c.is_alphanumeric()).collect();
        for item in text.split("#[cfg_attr(doc, doc(hidden))]").skip(1) {
            let head = item.lines().find(|line| line.starts_with("pub ")).unwrap();
            let name = head.split(' ').nth(2).unwrap();
            assert!(shown.contains(&name), "{service}: {name}");
            count += 1;
        }
    }
    assert!(count > 500, "{count} types");
}
