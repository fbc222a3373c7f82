//! `cargo xtask tidy` names each broken rule with its file, its line and what to do.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use xtask::tidy::check;

const MAP: &str = "<!-- map of xtask/src -->\n| folder | what | may import |\n| --- | --- | --- |\n\
                   | `low` | | |\n| `high` | | `low` |\n";

/// A project with one crate of these files.
fn project(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("ARCHITECTURE.md"), MAP).unwrap();
    for (name, text) in files {
        let file = root.path().join("xtask/src").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    root
}

fn problems(root: &Path) -> Vec<String> {
    let problems = check(root).unwrap();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_follows_the_map_is_tidy() {
    let root = project(&[
        ("lib.rs", "mod high;\nmod low;\n"),
        ("low.rs", "pub fn low() {}\n"),
        ("high.rs", "use crate::low::low;\npub fn high() { low() }\n"),
    ]);
    assert_eq!(problems(root.path()), Vec::<String>::new());
}

#[test]
fn a_circle_is_found_through_a_reexport_and_in_a_path() {
    let root = project(&[
        ("lib.rs", "mod low;\n"),
        (
            "low.rs",
            "mod one;\nmod other;\npub(crate) use other::Other;\n",
        ),
        ("low/one.rs", "use super::Other;\npub struct One(Other);\n"),
        (
            "low/other.rs",
            "\npub struct Other;\nfn f() -> crate::low::one::One { todo!() }\n",
        ),
    ]);
    let problems = problems(root.path());
    let [circle] = &problems[..] else {
        panic!("{problems:?}")
    };
    assert!(
        circle.starts_with("xtask/src/low/one.rs:1: an import cycle"),
        "{circle}"
    );
    assert!(circle.contains("xtask/src/low/other.rs:3"), "{circle}");
}

#[test]
fn an_import_that_the_map_does_not_allow_is_found() {
    let root = project(&[
        ("lib.rs", "mod high;\nmod low;\n"),
        ("low.rs", "use crate::high::High;\npub fn low(_: High) {}\n"),
        ("high.rs", "pub struct High;\n"),
    ]);
    let problems = problems(root.path());
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with("xtask/src/low.rs:1: `low` imports `high`"),
        "{problems:?}"
    );
}

#[test]
fn tests_may_import_what_they_like() {
    let root = project(&[
        ("lib.rs", "mod high;\nmod low;\n"),
        (
            "low.rs",
            "pub fn low() {}\n#[cfg(test)]\nmod tests {\n    use crate::high::High;\n}\n",
        ),
        ("high.rs", "pub struct High;\n"),
    ]);
    assert_eq!(problems(root.path()), Vec::<String>::new());
}

#[test]
fn long_files_unmapped_folders_and_phrases_are_found() {
    let long = "// One line.\n".repeat(401);
    let root = project(&[
        ("lib.rs", "mod low;\nmod unknown;\n"),
        ("low.rs", &long),
        ("unknown.rs", "// The types are made anew.\n"),
    ]);
    let problems = problems(root.path());
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(
        problems[0].starts_with("xtask/src/low.rs: 401 lines"),
        "{problems:?}"
    );
    assert!(
        problems[1].contains("`unknown` is not on the map"),
        "{problems:?}"
    );
    assert!(
        problems[2].starts_with("xtask/src/unknown.rs:1: \"anew\""),
        "{problems:?}"
    );
}

/// A page with both sides of a conflict was committed once, and nothing noticed.
#[test]
fn a_conflict_marker_is_found_in_any_text() {
    let root = project(&[("lib.rs", "")]);
    let text = format!("# Changelog\n{} HEAD\n- A change.\n", "<".repeat(7));
    fs::write(root.path().join("CHANGELOG.md"), text).unwrap();
    assert_eq!(
        problems(root.path()),
        ["CHANGELOG.md:2: a conflict marker of git; resolve the conflict"]
    );
}
