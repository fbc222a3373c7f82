//! The report is what `cargo xtask regen` reads.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use xtask::programs::fetch::{Filed, Report};

use crate::pages::Page;
use crate::portal::{Fault, Portal, What};
use crate::run::Place;

fn files(pages: &[Filed]) -> Vec<&Path> {
    pages.iter().map(|page| &*page.file).collect()
}

/// Each member that `regen` reads is in a real report, with what it stands for.
#[tokio::test(flavor = "multi_thread")]
async fn regen_learns_from_the_report_what_became_of_each_page() {
    let paths = ["gone", "moved", "empty", "busy", "absent", "tree"].map(path);
    let pages = paths.iter().map(|path| Page::new(path, "Page"));
    let portal = Portal::start(pages.collect()).await;
    let place = Place::of(&portal);
    // `/tree` describes no event: who asks for events alone does not keep its file current.
    assert_eq!(place.fetch(&[]).await.code, Some(0));
    portal.edit(|pages| {
        pages.remove(0);
        pages.push(Page::new(&path("pointer"), "Page"));
        for page in pages.iter_mut() {
            page.updated += 100;
            if page.path == path("moved") || page.path == path("pointer") {
                page.content = String::new();
                page.redirect = Some("/portal/elsewhere".to_owned());
            }
        }
    });
    portal.plan(|asked| match &asked.what {
        What::Newer(it) | What::Older(it) if *it == path("empty") => Some(Fault::Empty),
        What::Newer(it) | What::Older(it) if *it == path("busy") => Some(Fault::Status(502)),
        What::Newer(it) | What::Older(it) if *it == path("absent") => Some(Fault::Status(404)),
        _ => None,
    });
    let ended = place.fetch(&["--only-events", "--tries", "2"]).await;
    let report = Report::deserialize(&ended.report).unwrap();
    let file = |name: &str| place.docs().join(format!("events/{name}.md"));
    assert_eq!(files(&report.gone), [file("gone")]);
    assert_eq!(files(&report.unwanted), [place.docs().join("tree.md")]);
    let mut pointers: Vec<Option<PathBuf>> =
        report.elsewhere.into_iter().map(|page| page.file).collect();
    pointers.sort();
    assert_eq!(pointers, [None, Some(file("moved"))]);
    let mut failed: Vec<_> = report
        .failed
        .iter()
        .map(|page| (&*page.path, page.lasting, page.absent))
        .collect();
    failed.sort_unstable();
    let expected = [
        ("/events/absent", true, true),
        ("/events/busy", false, false),
        ("/events/empty", true, false),
    ];
    assert_eq!(failed, expected);
    assert!(report.not_tried.is_empty());
}

fn path(name: &str) -> String {
    match name {
        "tree" => "/tree".to_owned(),
        name => format!("/events/{name}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn regen_learns_that_the_portal_was_given_up() {
    let pages = (0..120).map(|at| Page::new(&format!("/events/{at}"), "Page"));
    let portal = Portal::start(pages.collect()).await;
    portal.plan(|asked| (asked.what != What::Directory).then_some(Fault::Status(502)));
    let ended = Place::of(&portal).fetch(&["--tries", "1"]).await;
    let report = Report::deserialize(&ended.report).unwrap();
    assert_eq!(report.failed.len() + report.not_tried.len(), 120);
    assert!(
        report
            .not_tried
            .iter()
            .all(|path| path.starts_with("/events/"))
    );
    assert!(!report.not_tried.is_empty());
}
