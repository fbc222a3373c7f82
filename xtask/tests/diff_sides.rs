//! `diff` compares any two states: revisions of a repository, and folders.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod project;

use edits::invented::pond;
use project::Project;

#[test]
fn revisions_and_folders_are_compared() {
    let mut pond = pond();
    let project = Project::of(&pond);
    pond[1].change("reason", &[]);
    project.page(&pond[1]);
    project.regen_pages().unwrap().unwrap();
    let folder = project.root().join("schemas");
    let folder = folder.to_str().unwrap();
    let diff = |old: &str, new: &str| {
        let report = xtask::diff::diff(old, new, &project.root());
        report.map(|report| edits::short(&report))
    };
    let uncommitted = diff("HEAD", folder).unwrap();
    assert!(uncommitted.contains("RowRemoved Breaking at event.reason"));
    project.commit();
    assert_eq!(diff("HEAD~1", "HEAD").unwrap(), uncommitted);
    assert_eq!(diff("HEAD", folder).unwrap(), "step: None\n");
    let first = diff("HEAD~3", "HEAD").unwrap();
    assert!(first.contains("pond.frog.croaked_v1 Added"), "{first}");
    // The way back is another one.
    assert!(
        diff("HEAD", "HEAD~1")
            .unwrap()
            .contains("RowAdded Addition")
    );

    project.write(
        "project/schemas/pond/duck.left_v1.json",
        "{\n  \"event\": 1\n}\n",
    );
    project.commit();
    for (name, expected) in [
        ("v9", "`v9` is neither a folder nor a git revision"),
        ("--help", "`--help` is neither a folder nor a git revision"),
        (
            "HEAD",
            "HEAD:schemas/pond/duck.left_v1.json: unknown field `event`",
        ),
        (folder, "duck.left_v1.json: unknown field `event`"),
    ] {
        let error = diff(name, "HEAD~1").unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
}
