//! The README shows the versions that belong together: on a registry's page nobody else says so.

#[test]
fn the_readme_names_this_version_of_both_crates() {
    let readme = include_str!("../README.md");
    for name in ["feishu-events", "feishu-events-gen"] {
        let line = format!("\n{name} = \"={}\"\n", env!("CARGO_PKG_VERSION"));
        assert!(readme.contains(&line), "the README lacks: {line}");
    }
}
