//! README and guide show the versions that belong together.

#[test]
fn readme_and_guide_name_this_version_of_both_crates() {
    let pages = [
        include_str!("../README.md"),
        include_str!("../../feishu-events/docs/private_events.md"),
    ];
    for page in pages {
        for name in ["feishu-events", "feishu-events-gen"] {
            let line = format!("\n{name} = \"={}\"\n", env!("CARGO_PKG_VERSION"));
            assert!(page.contains(&line), "missing: {line}");
        }
    }
}
