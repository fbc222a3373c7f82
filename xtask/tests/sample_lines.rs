//! `scrape --samples` gives the payloads that the benchmarks read.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::path::Path;

use insta::assert_snapshot;
use serde_json::Value;
use xtask::scrape::{ScrapeArgs, scrape};

/// What `--samples` writes of a folder of pages.
fn lines(pages: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("samples.jsonl");
    let args = ScrapeArgs {
        inputs: vec![pages.to_owned()],
        out: folder.path().join("schemas"),
        samples: Some(file.clone()),
        ..ScrapeArgs::default()
    };
    scrape(&args, false).unwrap();
    std::fs::read_to_string(file).unwrap()
}

/// Of the others some are callbacks, some of protocol 1.0, and some are not JSON as they are.
#[test]
fn samples_are_lines_with_their_members_in_the_pages_order() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pages");
    assert_snapshot!(lines(&pages), @r#"
    {"type":"garden.tree.planted_v2","page":"garden-v2/tree/planted.md","body":{"schema":"2.0","header":{"event_id":"e1","event_type":"garden.tree.planted_v2","create_time":"1700000000000","token":"t","app_id":"cli_a","tenant_key":"k"},"event":{"tree":{"tree_id":"apple","state":4,"owners":[{"open_id":"ou_1"},{"open_id":"ou_2","union_id":"on_2"}],"height":3,"nicknames":[],"labels":{"colour":"green"}},"planted_at":"1700000000","season":null}}}
    {"type":"meadow.cow.grazed_v1","page":"meadow/grazed.md","body":{"schema":"2.0","header":{"event_id":"e1","event_type":"meadow.cow.grazed_v1","create_time":"1700000000000","token":"t","app_id":"cli_a","tenant_key":"k"},"event":{"cow_id":"c"}}}
    "#);
}

#[test]
fn real_samples_are_those_that_the_benchmarks_were_measured_with() {
    let Some(pages) = shared_docs::folder("2026-03") else {
        return;
    };
    let read = |text: &str| -> Vec<Value> {
        let lines = text.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            // The file that is there has one token for all.
            line["body"]["header"]["token"].take();
            line.as_object_mut().unwrap().remove("uncommented");
            line
        });
        lines.collect()
    };
    let there = std::fs::read_to_string(pages.join("../samples.jsonl")).unwrap();
    let (made, there) = (read(&lines(&pages)), read(&there));
    assert!(there.len() > 150);
    for (made, there) in made.iter().zip(&there) {
        assert_eq!(made, there);
    }
    assert_eq!(made.len(), there.len());
}
