//! What the compiler says about wrong handlers, and that right ones compile.
//!
//! `TRYBUILD=overwrite cargo test --test ui` updates the messages; read them before committing.
//! What must fail is compared only with the compiler whose words the messages have.

use std::path::Path;

mod same_rustc;

#[test]
fn messages_are_as_committed() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    let compared = same_rustc::is_here();
    let mut failing = 0;
    for kind in [
        "argument",
        "by_type",
        "callback",
        "duplicate",
        "name",
        "named",
        "signature",
        "state",
        "unused",
    ] {
        failing += count(kind);
        if compared {
            cases.compile_fail(format!("tests/ui/{kind}/*.rs"));
        }
    }
    assert!(failing >= 30, "{failing} cases that must fail");
    assert!(
        count("pass") >= 15,
        "{} cases that must pass",
        count("pass")
    );
}

/// How many cases of a kind there are: a glob that matches nothing would pass unseen.
fn count(kind: &str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/ui")
        .join(kind);
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let is_case = |path: &Path| path.extension().is_some_and(|extension| extension == "rs");
    entries
        .flatten()
        .filter(|entry| is_case(&entry.path()))
        .count()
}
