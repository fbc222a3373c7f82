//! The published crates build with the compiler that they promise, as far as their dependencies say.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// What is published with the promise of `rust-version`; the inbox has one of its own.
const PUBLISHED: [&str; 3] = ["feishu-events", "feishu-events-gen", "feishu-events-macros"];

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

fn version(text: &str) -> Vec<u32> {
    text.split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

/// The packages that `id` needs to build, itself included, with all features.
fn needed<'a>(id: &'a str, nodes: &'a [Value], found: &mut BTreeSet<&'a str>) {
    if !found.insert(id) {
        return;
    }
    let node = nodes.iter().find(|node| text(node, "id") == id);
    for dependency in node
        .and_then(|node| node["deps"].as_array())
        .into_iter()
        .flatten()
    {
        let kinds = dependency["dep_kinds"].as_array();
        let is_built = kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"] != "dev"));
        if is_built {
            needed(text(dependency, "pkg"), nodes, found);
        }
    }
}

#[test]
fn no_dependency_asks_for_a_newer_compiler_than_the_published_crates_promise() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
        ])
        .arg("x86_64-unknown-linux-gnu")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    let metadata: Value =
        serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let promised = packages
        .iter()
        .find(|package| text(package, "name") == "feishu-events")
        .map(|package| text(package, "rust_version"))
        .expect("the library is in the workspace");
    let mut ids = BTreeSet::new();
    for package in packages {
        if PUBLISHED.contains(&text(package, "name")) {
            needed(text(package, "id"), nodes, &mut ids);
        }
    }
    assert!(ids.len() > 50, "only {} packages were found", ids.len());
    let newer: Vec<_> = packages
        .iter()
        .filter(|package| ids.contains(text(package, "id")))
        .filter(|package| version(text(package, "rust_version")) > version(promised))
        .map(|package| {
            format!(
                "{} {}",
                text(package, "name"),
                text(package, "rust_version")
            )
        })
        .collect();
    assert_eq!(
        newer,
        Vec::<String>::new(),
        "need more than Rust {promised}"
    );
}
