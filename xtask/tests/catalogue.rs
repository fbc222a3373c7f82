//! The catalogue is a site that works from a folder, and says what the library says.
//! `xtask/tests/catalogue/run` looks at it in a browser.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::path::{Path, PathBuf};

use feishu_events::{AppType, Envelope, EventType, Manifest};
use serde_json::{Value, json};
use xtask::catalogue::{CatalogueArgs, site};
use xtask::scrape::{ScrapeArgs, scrape};

/// The most bytes of all files together.
const MOST_BYTES: usize = 1_500_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

#[test]
fn the_site_is_small_and_its_files_ask_for_nothing_elsewhere() {
    let site = site(&CatalogueArgs::default(), &root()).unwrap();
    let names = [
        "index.html",
        "data.js",
        "app.js",
        "event.js",
        "picker.js",
        "search.js",
        "style.css",
        "vendor/minisearch.js",
        "vendor/minisearch-LICENSE.txt",
    ];
    assert_eq!(site.len(), names.len());
    let bytes: usize = names.iter().map(|name| site.get(name).unwrap().len()).sum();
    assert!(bytes < MOST_BYTES, "{bytes} bytes");
    let page = site.get("index.html").unwrap();
    for event_type in EventType::ALL {
        assert!(
            page.contains(&format!("href=\"#/event/{event_type}\"")),
            "{event_type}"
        );
    }
    // What is loaded by itself is beside the page.
    for attribute in ["src=\"", "rel=\"stylesheet\" href=\""] {
        for part in page.split(attribute).skip(1) {
            let file = part.split('"').next().unwrap();
            assert!(site.get(file).is_some(), "{file}");
        }
    }
    assert!(!site.get("style.css").unwrap().contains("url("));
}

#[test]
fn what_changed_since_march_is_shown() {
    let Some(pages) = shared_docs::folder("2026-03") else {
        return;
    };
    let old = tempfile::tempdir().unwrap();
    let args = ScrapeArgs {
        inputs: vec![pages],
        out: old.path().to_owned(),
        ..ScrapeArgs::default()
    };
    scrape(&args, false).unwrap();
    let args = CatalogueArgs {
        since: Some(old.path().to_str().unwrap().to_owned()),
        ..CatalogueArgs::default()
    };
    let site = site(&args, &root()).unwrap();
    let page = site.get("index.html").unwrap();
    let changes = page.split("id=\"changes-page\"").nth(1).unwrap();
    let event = changes
        .split("#/event/im.message.receive_v1")
        .nth(1)
        .unwrap();
    let event = event.split("</section>").next().unwrap();
    assert!(event.contains("<code>"), "{event}");
    assert!(changes.contains("class=\"fate added\""));
    assert!(site.get("data.js").unwrap().contains("\"added\":["));
}

/// Sets of events: each alone, all together, and others that repeat in every run.
fn sets() -> Vec<Vec<EventType>> {
    let all = EventType::ALL;
    let mut sets: Vec<Vec<EventType>> = all.iter().map(|event_type| vec![*event_type]).collect();
    sets.push(all.to_vec());
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap()
    };
    for _ in 0..300 {
        let count = 2 + next() % 12;
        sets.push((0..count).map(|_| all[next() % all.len()]).collect());
    }
    sets
}

fn app_name(app_type: AppType) -> &'static str {
    match app_type {
        AppType::Isv => "isv",
        _ => "custom",
    }
}

/// What the site has to answer about each set. `FEISHU_CATALOGUE_MANIFESTS` names a file that it is
/// written to, for the test in the browser.
#[test]
fn every_set_of_events_has_a_manifest() {
    let mut lines = Vec::new();
    for set in sets() {
        let manifest = Manifest::from_events(set.iter().copied());
        let names =
            |events: &[EventType]| -> Vec<&str> { events.iter().map(|it| it.as_str()).collect() };
        let optional = manifest.optional_scopes.iter().map(|optional| {
            let fields = optional.fields.iter();
            let fields: Vec<Value> = fields
                .map(|(event, path)| json!([event.as_str(), path]))
                .collect();
            json!({ "scope": optional.scope.name, "fields": fields })
        });
        let subscriptions = manifest.subscriptions.iter().map(|(event, call)| {
            json!({ "event": event.as_str(), "method": call.method, "path": call.path, "per": call.per })
        });
        let brings = manifest.brings.iter().map(|(event, group)| {
            let any_of: Vec<&str> = group.any_of.iter().map(|scope| scope.name).collect();
            json!({ "event": event.as_str(), "what": group.brings, "anyOf": any_of })
        });
        let limits = manifest
            .app_type_limits
            .iter()
            .map(|(event, app_type)| json!([event.as_str(), app_name(*app_type)]));
        let scopes: Vec<&str> = manifest.scopes.iter().map(|scope| scope.name).collect();
        lines.push(json!({
            "asked": names(&set),
            "scopes": scopes,
            "console": serde_json::from_str::<Value>(&manifest.to_console_json()).unwrap(),
            "optional": optional.collect::<Vec<_>>(),
            "subscriptions": subscriptions.collect::<Vec<_>>(),
            "brings": brings.collect::<Vec<_>>(),
            "undocumented": names(&manifest.undocumented),
            "limits": limits.collect::<Vec<_>>(),
        }));
    }
    assert!(
        lines
            .iter()
            .any(|line| line["scopes"].as_array().unwrap().len() > 3)
    );
    if let Some(file) = std::env::var_os("FEISHU_CATALOGUE_MANIFESTS") {
        std::fs::write(file, Value::from(lines).to_string()).unwrap();
    }
}

/// The samples that the browser made: `FEISHU_CATALOGUE_SAMPLES` names the file that the test in the
/// browser wrote, an object of event types and bodies.
#[test]
fn the_samples_of_the_site_are_read_without_a_report() {
    let Some(file) = std::env::var_os("FEISHU_CATALOGUE_SAMPLES") else {
        eprintln!("SKIPPED: xtask/tests/catalogue/run makes the samples in a browser");
        return;
    };
    let samples: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut read = 0;
    for (event_type, body) in samples.as_object().unwrap() {
        if event_type == "card.action.trigger_v1" {
            // It has no envelope.
            continue;
        }
        let envelope = Envelope::from_slice(body.to_string().as_bytes()).unwrap();
        assert_eq!(envelope.event.event_type().unwrap().as_str(), event_type);
        assert!(
            envelope.reports.is_empty(),
            "{event_type}: {:?}",
            envelope.reports
        );
        read += 1;
    }
    assert_eq!(read, EventType::ALL.len() - 1);
}
