//! The README is short, begins with the point, and names what exists.

use std::fs;

use super::pages::{readme, root};

#[test]
fn the_readme_is_short_and_begins_with_a_handler_and_its_error() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() <= 150, "{} lines", lines.len());
    let beginning = lines[..25].join("\n");
    assert!(beginning.contains("#[feishu_handler("), "{beginning}");
    let (_, error) = beginning.split_once("```text\n").unwrap();
    let (error, _) = error.split_once("\n```").unwrap();
    let pinned = fs::read_to_string(root().join("tests/ui/name/typo.stderr")).unwrap();
    assert!(
        pinned.contains(error),
        "not what the compiler prints:\n{error}"
    );
}

#[test]
fn examples_and_features_of_the_readme_exist() {
    let text = readme().text;
    for name in after(&text, "--example ") {
        let file = root().join(format!("examples/{name}.rs"));
        assert!(file.exists(), "{}", file.display());
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for name in after(&text, "--features ") {
        let line = format!("\n{name} = [");
        assert!(manifest.contains(&line), "no feature {name}");
    }
}

/// The names, with commas between them, after each use of an option.
fn after<'a>(text: &'a str, option: &str) -> Vec<&'a str> {
    let uses = text.split(option).skip(1);
    let lists = uses.map(|rest| rest.split([' ', '`', '\n']).next().unwrap_or_default());
    let names: Vec<&str> = lists.flat_map(|list| list.split(',')).collect();
    assert!(!names.is_empty(), "nothing after {option}");
    names
}
