//! `regen` in projects of its own, each a git repository.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod project;

use std::fs;
use std::path::Path;

use edits::invented::pond;
use edits::{TODAY, copy};
use insta::assert_snapshot;
use project::Project;
use xtask::regen::{RegenArgs, STEPS, regen};

/// The project itself, as it would be checked out.
#[test]
fn a_clean_checkout_stays_as_it_is() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let project = Project::empty();
    for folder in [
        "schemas",
        "feishu-events/docs",
        "feishu-events/src/generated",
        "feishu-events-macros/src/generated",
    ] {
        copy(&here.join(folder), &project.root().join(folder));
    }
    for file in ["feishu-events/Cargo.toml", "CHANGELOG.md"] {
        fs::copy(here.join(file), project.root().join(file)).unwrap();
    }
    project.commit();
    let done = project.regen().unwrap().unwrap();
    assert_eq!(project.changed(), Vec::<String>::new());
    assert!(done.report.is_empty() && done.files.is_empty());
    assert!(done.events > 200);
    assert!(done.text.contains("nothing changed"));
}

#[test]
fn pages_change_and_everything_follows() {
    let mut pond = pond();
    let project = Project::of(&pond);
    assert!(project.regen_pages().unwrap().unwrap().report.is_empty());
    assert_eq!(project.changed(), Vec::<String>::new());

    pond[0].change("weight", &["2weight:int", "2mood:string"]);
    pond[1].change("reason", &[]);
    project.page(&pond[0]);
    project.page(&pond[1]);
    let done = project.regen_pages().unwrap().unwrap();
    let changed = project.changed();
    assert_eq!(
        changed,
        [
            "feishu-events/src/generated/services/pond.rs",
            "schemas/overlay/unwritten.json",
            "schemas/pond/duck.landed_v1.json",
            "schemas/pond/duck.left_v1.json",
            "CHANGELOG.md",
        ]
    );
    assert!(done.text.contains("- **Breaking:** `reason` is gone"));
    let text = project.read("project/CHANGELOG.md");
    let state = text.split("<!-- regen ").nth(1).unwrap().split(' ').next();
    assert_snapshot!(text.replace(state.unwrap(), "STATE"), @r"
    # Changelog

    The form is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/); versions follow
    [Semantic Versioning](https://semver.org/).

    ## [Unreleased]

    <!-- regen STATE -->
    ### Changed in the platform's documentation

    - **Breaking:** `pond.duck.left_v1`: `reason` is gone; it was `string`. Rust: `pond::DuckLeftV1 → reason`.
    - `pond.duck.landed_v1`: `duck.mood` is new: `string`. Rust: `pond::DuckLandedV1 → duck.mood`.
    <!-- /regen -->
    ");
    assert!(
        project
            .read("project/feishu-events/src/generated/services/pond.rs")
            .contains("pub mood: ")
    );

    // Once more, from the pages and without them: the same.
    let before = changed
        .iter()
        .map(|name| project.read(&format!("project/{name}")));
    let before: Vec<String> = before.collect();
    project.regen_pages().unwrap().unwrap();
    let again = project.regen().unwrap().unwrap();
    assert_eq!(again.text, done.text);
    let after = changed
        .iter()
        .map(|name| project.read(&format!("project/{name}")));
    assert_eq!(after.collect::<Vec<_>>(), before);
    assert_eq!(project.changed(), changed);

    // Once it is committed, nothing is left to say, and the next change is an entry of its own.
    project.commit();
    project.regen_pages().unwrap().unwrap();
    assert_eq!(project.changed(), Vec::<String>::new());
    pond[2].change("volume", &[]);
    project.page(&pond[2]);
    project.regen_pages().unwrap().unwrap();
    let text = project.read("project/CHANGELOG.md");
    assert_eq!(text.matches("<!-- regen ").count(), 2);
    assert!(text.contains("`reason` is gone") && text.contains("`volume` is gone"));
}

#[test]
fn what_the_guard_refuses_changes_nothing() {
    let mut pond = pond();
    let project = Project::of(&pond);
    pond[0].rows.truncate(2);
    project.page(&pond[0]);
    assert!(project.regen_pages().unwrap().is_none());
    assert_eq!(project.changed(), Vec::<String>::new());
}

#[test]
fn a_page_that_cannot_be_read_keeps_no_other_from_being_read() {
    let mut pond = pond();
    let project = Project::of(&pond);
    let text = pond[0].text().replace(">名称<", ">条目<");
    project.write(&format!("docs/{}", pond[0].file()), &text);
    pond[2].change("volume", &["1volume:int", "1pitch:int"]);
    project.page(&pond[2]);
    let done = project.regen_pages().unwrap().unwrap();
    assert!(!done.complete);
    let changed = project.changed();
    assert!(
        changed.iter().any(|file| file.contains("frog.croaked")),
        "{changed:?}"
    );
    assert!(
        !changed.iter().any(|file| file.contains("duck.landed")),
        "{changed:?}"
    );
}

/// The weekly run commits all that it finds; what a killed run was writing is not among it.
#[test]
fn what_a_run_that_is_cut_off_leaves_is_not_committed() {
    let project = Project::of(&pond());
    let ignored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.gitignore");
    fs::copy(ignored, project.path("project/.gitignore")).unwrap();
    project.commit();
    project.write(
        "project/schemas/pond/duck.landed_v1.json.new",
        "{ \"event_ty",
    );
    project.write(
        "project/feishu-events/src/generated/services/pond.rs.new",
        "pub str",
    );
    assert_eq!(project.changed(), Vec::<String>::new());
}

/// What was generated may not even compile: it is generated again all the same.
#[test]
fn broken_types_are_repaired() {
    let project = Project::of(&pond());
    let file = "project/feishu-events/src/generated/services/pond.rs";
    project.write(file, "<<<<<<< this is not Rust\n");
    fs::remove_file(project.path("project/feishu-events-macros/src/generated/mod.rs")).unwrap();
    let done = project.regen().unwrap().unwrap();
    assert_eq!(done.files.len(), 2);
    assert_eq!(project.changed(), Vec::<String>::new());
}

/// An entry of the overlay about a field that is gone is left to people, and named.
#[test]
fn what_is_left_to_people_is_named() {
    let mut pond = pond();
    let project = Project::of(&pond);
    project.write(
        "project/schemas/overlay/docs/pond.json",
        r#"{ "service": "Ducks.", "events": {}, "fields": { "reason": "Why.", "name": "Its name." } }"#,
    );
    project.regen().unwrap().unwrap();
    project.commit();
    pond[1].change("reason", &[]);
    project.page(&pond[1]);
    let done = project.regen_pages().unwrap().unwrap();
    let by_hand = done.text.split_once("## Left to do by hand").unwrap().1;
    assert_snapshot!(by_hand.trim_start(), @r"
    In `schemas/overlay`, then `cargo xtask regen` again; the README there explains how.

    - `schemas/overlay/docs/pond.json: reason`: this entry matches nothing in the schemas; remove it
    ");
}

#[test]
fn without_git_or_pages_it_says_so_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let args = |docs| RegenArgs {
        root: Some(folder.path().to_owned()),
        docs,
        ..RegenArgs::default()
    };
    let error = regen(&args(None), TODAY).unwrap_err().to_string();
    assert!(
        error.contains("neither a folder nor a git revision"),
        "{error}"
    );
    let project = Project::of(&pond());
    let args = RegenArgs {
        root: Some(project.root()),
        docs: Some(project.path("nowhere")),
        ..RegenArgs::default()
    };
    let error = regen(&args, TODAY).unwrap_err().to_string();
    assert!(error.contains("does not exist"), "{error}");
    assert_eq!(project.changed(), Vec::<String>::new());
}

/// Wherever a run stops, the project is as it was.
#[test]
fn a_run_that_stops_before_any_step_changes_nothing() {
    let mut pond = pond();
    let project = Project::of(&pond);
    pond[0].change("weight", &["2weight:int", "2mood:string"]);
    project.page(&pond[0]);
    for step in STEPS {
        let args = RegenArgs {
            root: Some(project.root()),
            docs: Some(project.path("docs")),
            fail_at: Some(step),
            ..RegenArgs::default()
        };
        let error = regen(&args, TODAY).unwrap_err().to_string();
        assert!(error.contains(step), "{error}");
        assert_eq!(project.changed(), Vec::<String>::new(), "{step}");
    }
    project.regen_pages().unwrap().unwrap();
    assert!(project.changed().len() > 2);
}

/// What is said of the overlay of a project stays true when the documentation takes a field away.
#[test]
fn what_is_left_over_is_listed() {
    let mut pond = pond();
    let project = Project::of(&pond);
    let docs = r#"{ "service": "A pond.", "events": {}, "fields": { "reason": "Why." } }"#;
    project.write("project/schemas/overlay/docs/pond.json", docs);
    project.regen().unwrap().unwrap();
    project.commit();
    pond[1].change("reason", &[]);
    project.page(&pond[1]);
    project.regen_pages().unwrap().unwrap();
    let list = "project/schemas/overlay/leftover.txt";
    assert_eq!(project.read(list), "docs/pond.json: reason\n");
    project.write(
        "project/schemas/overlay/docs/pond.json",
        &docs.replace(r#""reason": "Why.""#, ""),
    );
    project.regen_pages().unwrap().unwrap();
    assert!(!project.path(list).exists());
}

/// Whatever stops a run, at whichever step: the project is as it was, and the error names the file.
#[test]
fn a_run_that_fails_changes_nothing() {
    type Harm = (&'static str, fn(&Project), &'static str);
    let harms: [Harm; 5] = [
        (
            "names can't be settled",
            |project| {
                project.write(
                    "project/schemas/overlay/docs/pond.json",
                    "{ \"service\": 1 }",
                );
            },
            "overlay/docs/pond.json",
        ),
        (
            "nothing can be generated",
            |project| project.write("project/feishu-events/Cargo.toml", "[features]\n"),
            "feishu-events/Cargo.toml",
        ),
        (
            "the changelog is not a file",
            |project| {
                let file = project.path("project/CHANGELOG.md");
                let _ = fs::remove_file(&file);
                fs::create_dir(&file).unwrap();
                project.write("project/CHANGELOG.md/one", "");
            },
            "CHANGELOG.md",
        ),
        (
            "a generated file can't be written",
            |project| {
                let file = project.path("project/feishu-events/src/generated/services/pond.rs");
                fs::remove_file(&file).unwrap();
                fs::create_dir(&file).unwrap();
                project.write(
                    "project/feishu-events/src/generated/services/pond.rs/one",
                    "",
                );
            },
            "services/pond.rs",
        ),
        (
            "a schema can't be read",
            |project| project.write("project/schemas/pond/duck.left_v1.json", "{"),
            "pond/duck.left_v1.json",
        ),
    ];
    for (what, harm, named) in harms {
        let mut pond = pond();
        let project = Project::of(&pond);
        harm(&project);
        let before = project.changed();
        let schema = project.read("project/schemas/pond/duck.landed_v1.json");
        pond[0].change("weight", &["2weight:int", "2mood:string"]);
        project.page(&pond[0]);
        let error = format!("{:?}", project.regen_pages().unwrap_err());
        let flat = error.replace(['\n', ' ', '│'], "");
        assert!(flat.contains(named), "{what}: {error}");
        // No path is that of the copy in which the run worked.
        let [all, own] = [std::env::temp_dir(), project.path("")]
            .map(|folder| flat.matches(&*folder.to_string_lossy()).count());
        assert_eq!(all, own, "not a path of the project, {what}: {error}");
        assert_eq!(project.changed(), before, "{what}");
        let after = project.read("project/schemas/pond/duck.landed_v1.json");
        assert_eq!(after, schema, "{what}");
    }
}
