//! From the documentation of March 2026 to that of May, as `regen` went: what is committed comes of
//! it, with nothing done by hand.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod project;
mod shared_docs;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use edits::{TODAY, copy};
use feishu_events_gen::internals::SchemaSet;
use insta::assert_snapshot;
use project::Project;
use xtask::diff::report::{Class, Fate, Step, What};
use xtask::regen::{RegenArgs, Regenerated, regen};
use xtask::scrape::{ScrapeArgs, scrape};

/// What is generated from the schemas, beside them.
const GENERATED: [&str; 4] = [
    "feishu-events/src/generated",
    "feishu-events-macros/src/generated",
    "feishu-events/Cargo.toml",
    "feishu-events/docs/migrating_names.md",
];

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The project as it was with the pages of March: their schemas, what no page of either month has,
/// and what only SDKs knew.
fn of_march(pages: &Path) -> Project {
    let project = Project::empty();
    for part in ["feishu-events/docs", "schemas/overlay"] {
        copy(&here().join(part), &project.root().join(part));
    }
    let manifest = "feishu-events/Cargo.toml";
    fs::copy(here().join(manifest), project.root().join(manifest)).unwrap();
    for file in SchemaSet::load(&here().join("schemas")).unwrap().iter() {
        let document = file.schema.document.as_ref();
        if document.is_none_or(|document| document.apart) {
            let name = format!("{}/{}.json", file.service, file.rest());
            project.write(&format!("project/schemas/{name}"), &file.schema.to_json());
        }
    }
    let march = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/march/schemas");
    copy(&march, &project.root().join("schemas"));
    scrape_into(pages, &project.root().join("schemas"));
    // A project that has exports has all of them after each run.
    project.write("project/schemas/export/cloudevents/mapping.json", "{}\n");
    xtask::generate::generate(&project.root(), false).unwrap();
    project.commit();
    project
}

fn scrape_into(pages: &Path, out: &Path) {
    let args = ScrapeArgs {
        inputs: vec![pages.to_owned()],
        out: out.to_owned(),
        ..ScrapeArgs::default()
    };
    assert!(scrape(&args, false).unwrap().complete);
}

fn to_may(project: &Project, pages: &Path) -> Regenerated {
    let args = RegenArgs {
        root: Some(project.root()),
        docs: Some(pages.to_owned()),
        ..RegenArgs::default()
    };
    regen(&args, TODAY).unwrap().unwrap()
}

/// All files below `part` of `root`, or the one that it is.
fn files(root: &Path, part: &str) -> BTreeMap<String, String> {
    let path = root.join(part);
    let paths = if path.is_dir() {
        shared_docs::files(path)
    } else {
        vec![path]
    };
    let files = paths.iter().map(|path| {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        (name, fs::read_to_string(path).unwrap())
    });
    files.collect()
}

#[test]
fn march_gives_march_and_then_may_gives_what_is_committed() {
    let (Some(march), Some(may), Some(more)) = (
        shared_docs::folder("2026-03"),
        shared_docs::folder("2026-05"),
        shared_docs::folder("more"),
    ) else {
        return;
    };
    // Which schemas come of March is written down, one per line, as a number that they give.
    let alone = tempfile::tempdir().unwrap();
    scrape_into(&march, alone.path());
    let lines = files(alone.path(), "");
    let lines = lines
        .iter()
        .map(|(name, text)| format!("{:016x} {name}", fingerprint(text)));
    assert_snapshot!("march", lines.collect::<Vec<_>>().join("\n"));

    let project = of_march(&march);
    let done = to_may(&project, &may);
    assert!(done.complete);
    // Lark's pages that are at hand are read over them, as they were.
    scrape_into(&more.join("lark-docs"), &project.root().join("schemas"));
    xtask::generate::generate(&project.root(), false).unwrap();
    let unwritten = "schemas/overlay/unwritten.json";
    for part in ["schemas"].iter().chain(&GENERATED) {
        let mut made = files(&project.root(), part);
        let mut committed = files(&here(), part);
        made.remove("schemas/README.md");
        committed.remove("schemas/README.md");
        committed.entry(unwritten.to_owned()).or_default();
        made.entry(unwritten.to_owned()).or_default();
        let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&made), names(&committed));
        for (name, text) in &made {
            assert!(*text == committed[name], "{name} is not as it is committed");
        }
    }

    // What it says of the two months.
    let report = &done.report;
    assert_eq!(report.step, Step::Minor);
    assert!(
        report
            .events
            .iter()
            .all(|event| event.fate == Fate::Changed)
    );
    assert!(report.notes.is_empty());
    let only = |what: What| {
        let events = report.events.iter();
        let events = events.filter(|event| event.changes.iter().all(|change| change.what == what));
        events.count()
    };
    let of_class = |class| {
        let events = report.events.iter();
        events.filter(|event| event.class == class).count()
    };
    assert_eq!(
        (of_class(Class::Breaking), of_class(Class::Addition)),
        (0, 11)
    );
    assert_eq!(only(What::PageDate), 12);
    let others = report.events.iter().filter(|event| {
        let mut changes = event.changes.iter();
        event.class == Class::Documentation && !changes.all(|change| change.what == What::PageDate)
    });
    let others: Vec<&str> = others.map(|event| event.event_type.as_str()).collect();
    // One has a page now, and of the other a value has another label.
    let expected = [
        "corehr.pre_hire.onboarding_task_changed_v2",
        "drive.notice.comment_add_v1",
    ];
    assert_eq!(others, expected);
    let breaks = report
        .items
        .iter()
        .any(|item| item.class == Class::Breaking);
    assert!(!breaks, "{:?}", report.items);
    let first = done
        .text
        .lines()
        .find(|line| line.starts_with("From "))
        .unwrap();
    assert_eq!(
        first,
        "From `HEAD` to `schemas`: 1 event documented by a page now, 11 events changed by \
         additions, 1 event changed in the documentation only, 12 events with nothing but a new \
         date."
    );
    assert!(
        !done.text.contains("## Left to do by hand"),
        "{}",
        done.text
    );

    // And May once more changes nothing.
    project.commit();
    assert!(to_may(&project, &may).report.is_empty());
    assert_eq!(project.changed(), Vec::<String>::new());
}

/// FNV-1a: it is the same on each machine, and no dependency.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
