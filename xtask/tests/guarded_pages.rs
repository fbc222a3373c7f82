//! The guard: what no run may lose unless a person says so.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;

use std::fs;

use edits::invented::{Page, pond, scraped, write};
use edits::page_is_gone;
use feishu_events_gen::internals::Overlay;
use insta::assert_snapshot;
use xtask::scrape::{ScrapeArgs, scrape};

#[test]
fn a_page_goes_and_comes_back() {
    let pond = pond();
    let pages = scraped(&pond);
    fs::remove_file(pages.page(&pond[0].file())).unwrap();
    let names = Overlay::default();
    assert_eq!(pages.changes(&names), page_is_gone("pond.duck.landed_v1"));
    assert!(
        !pages.scrape().report.contains("missing "),
        "it is news once"
    );
    write(&pages, &pond[0]);
    assert!(pages.scrape().complete);
    assert!(pages.report(&names).is_empty());
}

/// A service that another place documents, and none of the portal's pages.
#[test]
fn pages_that_are_read_apart_are_not_gone_when_the_portal_lacks_them() {
    let pond = pond();
    let pages = scraped(&pond[1..]);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join(pond[0].file()), pond[0].text()).unwrap();
    let apart = ScrapeArgs {
        inputs: vec![elsewhere.path().to_owned()],
        out: pages.schemas(),
        apart: true,
        ..ScrapeArgs::default()
    };
    assert!(scrape(&apart, false).unwrap().complete);
    let file = pages.schemas().join("pond/duck.landed_v1.json");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"apart\": true"), "{text}");

    let output = pages.scrape().report;
    assert!(output.contains("unclear pond.duck.landed_v1"), "{output}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);

    // The portal has it now: from then on it can go, and reading the other one again changes nothing.
    write(&pages, &pond[0]);
    assert!(pages.scrape().complete);
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains("apart"), "{text}");
    assert!(scrape(&apart, false).unwrap().complete);
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    fs::remove_file(pages.page(&pond[0].file())).unwrap();
    let output = pages.scrape().report;
    assert!(output.contains("missing pond.duck.landed_v1"), "{output}");
}

#[test]
fn the_header_of_a_table_is_renamed() {
    let pond = pond();
    let pages = scraped(&pond);
    pages.replace(&pond[0].file(), ">名称<", ">条目<");
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: silent
    step: None
    ");
}

#[test]
fn a_page_is_about_another_event_now() {
    let pond = pond();
    let mut pages = scraped(&pond);
    let text = pond[1]
        .text()
        .replace("<md-td>pond.duck.left_v1", "<md-td>pond.duck.left_v2");
    fs::write(pages.page(&pond[1].file()), text).unwrap();
    let names = Overlay::default();
    assert_snapshot!(pages.changes(&names), @r"
    guard: all was written but what would lose
      events whose page is there, but does not describe them any more:
        pond.duck.left_v1: its page describes `pond.duck.left_v2` now
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: Minor
    pond.duck.left_v2 Added: Addition
    Event::PondDuckLeftV2: Addition - > pond::DuckLeftV2, renamed -
    pond::DuckLeftV2: Addition - > struct, renamed -
    pond::DuckLeftV2Duck: Addition - > struct, renamed -
    ");
    pages.allow_loss = true;
    assert_snapshot!(pages.changes(&names), @r"
    missing pond.duck.left_v1: its page describes `pond.duck.left_v2` now; the schema is kept
    step: Minor
    pond.duck.left_v1 Changed: Documentation
      PageMissing Documentation:  > 2026-11-21
        Its page is gone since 2026-11-21: the event may be withdrawn. Its types stay.
    pond.duck.left_v2 Added: Addition
    Event::PondDuckLeftV2: Addition - > pond::DuckLeftV2, renamed -
    pond::DuckLeftV2: Addition - > struct, renamed -
    pond::DuckLeftV2Duck: Addition - > struct, renamed -
    ");
}

#[test]
fn half_of_the_pages_are_gone() {
    let events = [
        "pond.a_v1",
        "pond.b_v1",
        "pond.c_v1",
        "pond.d_v1",
        "pond.e_v1",
        "pond.f_v1",
    ];
    let pond: Vec<Page> = events
        .iter()
        .map(|event| Page::new(event, "A page", &["1a:string"]))
        .collect();
    let pages = scraped(&pond);
    for page in &pond[2..] {
        fs::remove_file(pages.page(&page.file())).unwrap();
    }
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: all was written but what would lose
      4 of 6 events whose page is gone (3 would go without a question):
        pond.c_v1
        pond.d_v1
        pond.e_v1
        pond.f_v1
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: None
    ");
}

#[test]
fn a_page_that_cannot_be_read_takes_nothing_along() {
    let pond = pond();
    let mut pages = scraped(&pond);
    fs::write(pages.page(&pond[0].file()), b"\xff\xfe\x00").unwrap();
    pages.allow_loss = false;
    let scraped = pages.scrape();
    assert!(scraped.written && !scraped.complete);
    assert!(
        scraped.report.contains("unclear pond.duck.landed_v1: "),
        "{}",
        scraped.report
    );
    assert!(pages.report(&Overlay::default()).is_empty());
}

/// It lies on the portal as ever: nobody is to read that the event may be withdrawn.
#[test]
fn a_page_that_could_not_be_fetched_is_not_gone() {
    let pond = pond();
    let mut pages = scraped(&pond);
    fs::remove_file(pages.page(&pond[0].file())).unwrap();
    pages.unfetched = vec![format!("/portal/pond-v1/events/{}", pond[0].event)];
    let scraped = pages.scrape();
    assert!(scraped.written);
    let message =
        "unclear pond.duck.landed_v1: its page could not be fetched; the schema is kept\n";
    assert!(scraped.report.ends_with(message), "{}", scraped.report);
    assert!(pages.report(&Overlay::default()).is_empty());
    // Another page's failure says nothing of it.
    pages.unfetched = vec!["/portal/pond-v1/events/other".to_owned()];
    let names = Overlay::default();
    assert_eq!(pages.changes(&names), page_is_gone("pond.duck.landed_v1"));
}

#[test]
fn the_layout_changes_and_the_scopes_are_lost() {
    let mut page = Page::new("pond.a_v1", "A page", &[]);
    for name in ["a", "b", "c", "d", "e", "f"] {
        page.rows.push((1, name, "string", String::new()));
    }
    page.rows.iter_mut().for_each(|row| {
        row.3 = "<md-perm name=\"pond:x\" desc=\"d\" support_app_types=\"custom\" tags=\"\">d</md-perm>\n".into();
    });
    let pages = scraped(&[page.clone()]);
    fs::write(
        pages.page(&page.file()),
        page.text().replace("md-perm", "md-right"),
    )
    .unwrap();
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: all was written but what would lose
      7 of 7 scopes (5 would go without a question, and none of which a piece is left):
        pond.a_v1: 7 of 7: event.a pond:x, event.b pond:x, event.c pond:x, event.d pond:x, event.e pond:x, event.f pond:x, pond:pond:readonly
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: None
    ");
}

/// One scope is few, but a page does not say half of a name.
#[test]
fn a_scope_is_replaced_by_a_piece_of_it() {
    let mut page = Page::new(
        "pond.a_v1",
        "A page",
        &["1a:string scope:pond:duck_id:readonly"],
    );
    page.scopes = vec!["pond:frog_record:readonly", "pond:pond:readonly"];
    let pages = scraped(&[page.clone()]);
    let text = page.text();
    let cut = text
        .replace("pond:frog_record:readonly", "pond:frog")
        .replace("pond:duck_id:readonly", "pond:duck");
    fs::write(pages.page(&page.file()), cut).unwrap();
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: all was written but what would lose
      2 of 3 scopes (5 would go without a question, and none of which a piece is left):
        pond.a_v1: 2 of 3: event.a pond:duck_id:readonly (`pond:duck` instead), pond:frog_record:readonly (`pond:frog` instead)
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: None
    ");
    // Another scope of the same service is news.
    let other = text.replace("pond:frog_record:readonly", "pond:frog_record");
    fs::write(pages.page(&page.file()), other).unwrap();
    assert!(pages.scrape().written);
}

#[test]
fn half_of_a_table_is_gone() {
    let mut page = Page::new(
        "pond.a_v1",
        "A page",
        &["1a:int", "1b:int", "1c:int", "1d:int"],
    );
    page.rows.push((1, "e", "int", String::new()));
    let pages = scraped(&[page.clone()]);
    page.rows.clear();
    write(&pages, &page);
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: all was written but what would lose
      5 of 9 rows (5 would go without a question, and half of one event):
        pond.a_v1: 5 of 9: event.a, event.b, event.c, event.d, event.e
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: None
    ");
}

#[test]
fn many_rows_are_gone() {
    let mut pond = pond();
    let pages = scraped(&pond);
    pond[0].rows.truncate(2);
    write(&pages, &pond[0]);
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: all was written but what would lose
      6 of 26 rows (5 would go without a question, and half of one event):
        pond.duck.landed_v1: 6 of 12: event.duck.weight, event.duck.kind, event.duck.ring, event.guests, event.guests.name, event.guests.since
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: None
    ");
}

/// Its info table names the event under a heading that nobody knows: without a sample, nothing says
/// that the page is one of an event.
#[test]
fn a_page_reads_as_no_event() {
    let pond = pond();
    let pages = scraped(&pond);
    pages.replace(&pond[0].file(), ">事件类型<", ">类目<");
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: all was written but what would lose
      events whose page is there, but does not describe them any more:
        pond.duck.landed_v1: its page is passed over, an event in a form that is not read yet: nothing names the event of its table
    If the documentation really says so, run it again with --allow-loss. Schemas are never removed: those of missing pages are marked.
    step: None
    ");
}

/// Two people's runs met, and git left both in the file: what would be lost can't be known.
#[test]
fn a_schema_with_merge_markers_is_not_written_over() {
    let mut pond = pond();
    let mut pages = scraped(&pond);
    pond[1].change("reason", &["1reason:string", "1mood:string"]);
    write(&pages, &pond[1]);
    let file = |name: &str| pages.schemas().join("pond").join(name);
    let (broken, other) = (file("duck.landed_v1.json"), file("duck.left_v1.json"));
    let text = fs::read_to_string(&broken).unwrap();
    let marked = text.replacen("  \"title\"", "<<<<<<< ours\n  \"title\"", 1);
    assert_ne!(text, marked);
    fs::write(&broken, &marked).unwrap();
    let before = fs::read_to_string(&other).unwrap();
    for allow_loss in [false, true] {
        pages.allow_loss = allow_loss;
        let error = pages.try_scrape().unwrap_err();
        let message: Vec<String> = error.chain().map(ToString::to_string).collect();
        let message = message.join("\n");
        let place = format!("{}: ", broken.display());
        assert!(
            message.contains(&place) && message.contains("line 3"),
            "{message}"
        );
        assert_eq!(fs::read_to_string(&broken).unwrap(), marked);
        assert_eq!(fs::read_to_string(&other).unwrap(), before);
    }
}
