//! Whichever event comes or goes, no Rust item of another one has another name.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::path::Path;

use feishu_events_gen::internals::{Overlay, SchemaSet};
use xtask::diff::report::{Fate, Report};
use xtask::diff::{Side, compare};

fn committed() -> Side {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    Side::of_folder("schemas", &folder).unwrap()
}

fn side(name: &str, schemas: SchemaSet, overlay: &Overlay) -> Side {
    Side {
        name: name.to_owned(),
        schemas,
        overlay: Some(overlay.clone()),
    }
}

fn renames(report: &Report) -> Vec<&str> {
    let renamed = report.items.iter().filter(|item| item.renamed_to.is_some());
    renamed.map(|item| item.item.as_str()).collect()
}

#[test]
fn each_event_goes_and_comes_without_renaming_another() {
    let all = committed();
    let overlay = all.overlay.clone().unwrap();
    // Some of each larger service; `names_stay.rs` of the generator tries all sorts of sets.
    let events: Vec<String> = all
        .schemas
        .iter()
        .map(|file| file.schema.event_type.clone())
        .step_by(12)
        .collect();
    assert!(events.len() > 15);
    for event in events {
        let mut fewer = all.schemas.clone();
        fewer.remove(&event).unwrap();
        let fewer = side("fewer", fewer, &overlay);
        for (old, new, fate) in [(&all, &fewer, Fate::Removed), (&fewer, &all, Fate::Added)] {
            let report = compare(old, new, &overlay);
            assert!(report.notes.is_empty(), "{event}: {:?}", report.notes);
            assert_eq!(renames(&report), Vec::<&str>::new(), "{event}");
            let [change] = &report.events[..] else {
                panic!("{event}: {:?}", report.events);
            };
            assert_eq!((&change.event_type, change.fate), (&event, fate));
        }
    }
}

/// A name in the overlay is one that users write: changing it breaks their code.
#[test]
fn a_name_of_the_overlay_that_changes_is_reported() {
    let old = committed();
    let mut overlay = old.overlay.clone().unwrap();
    let names = overlay.names.get_mut("im").unwrap();
    let places = names.0.remove("MentionEvent").unwrap();
    names.0.insert("Mention".to_owned(), places);
    let new = side("new", old.schemas.clone(), &overlay);
    let report = compare(&old, &new, &overlay);
    assert_eq!(renames(&report), ["im::MentionEvent"]);
    assert_eq!(report.items.len(), 1, "{:?}", report.items);
    assert_eq!(report.items[0].renamed_to.as_deref(), Some("im::Mention"));
    assert_eq!(report.step, xtask::diff::report::Step::Major);
    let page = xtask::diff::markdown::page(&report);
    let line = "- **Breaking:** `im::MentionEvent` is called `im::Mention` now.";
    assert!(page.contains(line), "{page}");
}
