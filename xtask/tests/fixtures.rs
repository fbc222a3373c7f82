//! Invented pages in each form, and what is read from them.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::path::{Path, PathBuf};

use xtask::scrape::{ScrapeArgs, Scraped, scrape};

fn scraped(pages: &str, out: &Path) -> Scraped {
    let args = ScrapeArgs {
        inputs: vec![PathBuf::from("tests/fixtures").join(pages)],
        out: out.join("schemas"),
        report: Some(out.join("report.json")),
        findings: true,
        descriptions: false,
        ..ScrapeArgs::default()
    };
    scrape(&args, false).unwrap()
}

/// The files below `folder` with their text, by path.
fn files(folder: &Path) -> Vec<(String, String)> {
    let files = shared_docs::files(folder.to_owned()).into_iter();
    let mut files: Vec<_> = files
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap().to_string_lossy();
            let name = name.replace('\\', "/");
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn each_form_gives_its_schemas() {
    let out = tempfile::tempdir().unwrap();
    let Scraped {
        report, complete, ..
    } = scraped("pages", out.path());
    assert!(complete);
    insta::assert_snapshot!("messages", report);
    let files = files(&out.path().join("schemas"));
    assert_eq!(files.len(), 10);
    for (name, text) in files {
        insta::assert_snapshot!(name.replace('/', "-"), text);
    }
}

#[test]
fn the_report_has_everything() {
    let out = tempfile::tempdir().unwrap();
    scraped("pages", out.path());
    let report = std::fs::read_to_string(out.path().join("report.json")).unwrap();
    insta::assert_snapshot!("report", report);
}

#[test]
fn the_same_pages_give_the_same_bytes_in_any_order() {
    let out = tempfile::tempdir().unwrap();
    scraped("pages", out.path());
    let first = files(out.path());
    let report = scraped("pages", out.path()).report;
    assert!(report.contains("files changed: 0\n"), "{report}");
    assert_eq!(files(out.path()), first);

    let elsewhere = tempfile::tempdir().unwrap();
    let mut inputs = vec![PathBuf::from("tests/fixtures/pages/meadow")];
    for (name, _) in files(Path::new("tests/fixtures/pages/garden-v2"))
        .into_iter()
        .rev()
    {
        inputs.push(Path::new("tests/fixtures/pages/garden-v2").join(name));
    }
    let args = ScrapeArgs {
        inputs,
        out: elsewhere.path().join("schemas"),
        report: Some(elsewhere.path().join("report.json")),
        findings: false,
        descriptions: false,
        ..ScrapeArgs::default()
    };
    scrape(&args, false).unwrap();
    assert_eq!(files(elsewhere.path()), first);
}

/// A page of protocol 1.0 by itself, that tells in no way what it is about.
#[test]
fn an_event_whose_service_nothing_tells_is_filed_all_the_same() {
    let out = tempfile::tempdir().unwrap();
    let args = ScrapeArgs {
        inputs: vec!["tests/fixtures/unfiled.md".into()],
        out: out.path().to_owned(),
        ..ScrapeArgs::default()
    };
    let scraped = scrape(&args, false).unwrap();
    assert!(scraped.complete, "{}", scraped.report);
    assert!(scraped.report.contains("warning: no-service: 1\n"));
    let unfiled = files(&out.path().join("unfiled"));
    assert_eq!(unfiled.len(), 1);
}

#[test]
fn broken_pages_are_reported_as_a_compiler_does() {
    for (name, _) in entries("tests/fixtures/broken") {
        let out = tempfile::tempdir().unwrap();
        let Scraped {
            report, complete, ..
        } = scraped(&format!("broken/{name}"), out.path());
        assert!(!complete, "{name}");
        assert!(
            !out.path().join("schemas").exists(),
            "{name} gives no half schema"
        );
        let name = name.strip_suffix(".md").unwrap_or(&name);
        insta::assert_snapshot!(format!("broken-{name}"), report);
    }
}

/// The names and paths of the files in a folder.
fn entries(folder: &str) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).unwrap();
    let entries = entries.map(|entry| {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, path)
    });
    let mut entries: Vec<_> = entries.collect();
    entries.sort();
    entries
}

#[test]
fn a_broken_page_does_not_keep_others_from_being_written() {
    let out = tempfile::tempdir().unwrap();
    let args = ScrapeArgs {
        inputs: vec![
            "tests/fixtures/broken/cut_table.md".into(),
            "tests/fixtures/pages".into(),
        ],
        out: out.path().to_owned(),
        report: None,
        findings: false,
        descriptions: false,
        ..ScrapeArgs::default()
    };
    let Scraped { complete, .. } = scrape(&args, false).unwrap();
    assert!(!complete);
    assert_eq!(files(out.path()).len(), 10);
}

#[test]
fn a_terminal_shows_a_table() {
    let out = tempfile::tempdir().unwrap();
    let args = ScrapeArgs {
        inputs: vec!["tests/fixtures/pages/garden-v2/tree/planted.md".into()],
        out: out.path().to_owned(),
        report: None,
        findings: false,
        descriptions: false,
        ..ScrapeArgs::default()
    };
    insta::assert_snapshot!(scrape(&args, true).unwrap().report);
}

#[test]
fn descriptions_are_written_only_if_they_are_asked_for() {
    let described = |descriptions| {
        let out = tempfile::tempdir().unwrap();
        let args = ScrapeArgs {
            inputs: vec![PathBuf::from("tests/fixtures/pages")],
            out: out.path().to_owned(),
            report: None,
            findings: false,
            descriptions,
            ..ScrapeArgs::default()
        };
        assert!(scrape(&args, false).unwrap().complete);
        let schemas = files(out.path());
        let all: String = schemas.into_iter().map(|(_, text)| text).collect();
        all.matches("\"description\": ").count()
    };
    assert_eq!(described(false), 0);
    assert!(described(true) > 20);
}
