//! What the inbox costs those who do not use it: nothing.

use std::process::Command;

/// With its default features, all services among them, `feishu-events` needs these crates and no others,
/// those for building included.
const LIGHT: [&str; 15] = [
    "feishu-events-macros",
    "itoa",
    "memchr",
    "once_cell",
    "pin-project-lite",
    "proc-macro2",
    "quote",
    "serde",
    "serde_core",
    "serde_json",
    "syn",
    "tracing",
    "tracing-core",
    "unicode-ident",
    "zmij",
];

#[test]
fn feishu_events_alone_needs_no_more_crates_than_before() {
    let mut tree = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    tree.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    tree.args(["tree", "--package", "feishu-events", "--edges", "normal"]);
    let output = tree
        .args(["--prefix", "none", "--locked", "--offline"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let mut crates: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    crates.retain(|name| !["", "feishu-events"].contains(name));
    crates.sort_unstable();
    crates.dedup();
    assert_eq!(crates, LIGHT);
}
