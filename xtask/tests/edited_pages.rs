//! Edits of invented pages: what `diff` says, and what the report looks like.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;

use std::fs;

use edits::invented::{Page, pond, scraped, write};
use feishu_events_gen::internals::Overlay;
use insta::assert_snapshot;
use xtask::diff::{json, markdown};

/// What is reported after the page of ducks that land has been edited.
fn report(edit: impl FnOnce(&mut Page)) -> String {
    let mut pond = pond();
    let pages = scraped(&pond);
    edit(&mut pond[0]);
    write(&pages, &pond[0]);
    pages.changes(&Overlay::default())
}

#[test]
fn nothing_changed() {
    assert_snapshot!(report(|_| {}), @r"
    guard: silent
    step: None
    ");
}

#[test]
fn a_row_is_added() {
    let report = report(|page| {
        page.change("weight", &["2weight:int", "2mood:string"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Minor
    pond.duck.landed_v1 Changed: Addition
      RowAdded Addition at event.duck.mood > string
        rust pond::DuckLandedV1 → duck.mood
    pond::DuckLandedV1Duck.mood: Addition - > String, renamed -
    ");
}

#[test]
fn a_row_is_removed() {
    let report = report(|page| {
        page.change("weight", &[]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Major
    pond.duck.landed_v1 Changed: Breaking
      RowRemoved Breaking at event.duck.weight: int
        rust pond::DuckLandedV1 → duck.weight
    pond::DuckLandedV1Duck.weight: Breaking i64 > -, renamed -
    ");
}

#[test]
fn a_row_is_retyped() {
    let report = report(|page| {
        page.change("weight", &["2weight:string"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Major
    pond.duck.landed_v1 Changed: Breaking
      RowRetyped Breaking at event.duck.weight: int > string
        rust pond::DuckLandedV1 → duck.weight
        i64 > String
    pond::DuckLandedV1Duck.weight: Breaking i64 > String, renamed -
    ");
}

/// The documented name of a type is not its name in Rust.
#[test]
fn a_row_is_retyped_and_rust_is_as_it_was() {
    let report = report(|page| {
        page.change("guests", &["1guests:visitor[]"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      RowRetyped Documentation at event.guests: guest[] > visitor[]
        rust pond::DuckLandedV1 → guests
    ");
}

#[test]
fn a_row_moves_a_level() {
    let report = report(|page| {
        page.change("since", &["1since:string"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Major
    pond.duck.landed_v1 Changed: Breaking
      RowMoved Breaking at event.since: event.guests.since > event.since
        rust pond::DuckLandedV1 → since
    pond::DuckLandedV1.since: Addition - > String, renamed -
    pond::DuckLandedV1Guests.since: Breaking String > -, renamed -
    ");
}

#[test]
fn rows_stand_in_another_order() {
    let report = report(|page| page.rows.swap(1, 2));
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      RowsReordered Documentation at event.duck +weight
    ");
}

/// A field that anything could be in, until the page says what is.
#[test]
fn a_row_gets_rows_inside() {
    let report = report(|page| {
        page.change("ring", &["2ring:object", "3number:int"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Major
    pond.duck.landed_v1 Changed: Breaking
      RowRetyped Breaking at event.duck.ring: string > object
        rust pond::DuckLandedV1 → duck.ring
        String > DuckLandedV1DuckRing
      RowScopes Documentation at event.duck.ring -pond:ring:readonly -pond:duck:readonly
        rust pond::DuckLandedV1 → duck.ring
        An app receives the field without any scope now.
      RowAdded Addition at event.duck.ring.number > int
        rust pond::DuckLandedV1 → duck.ring.number
    pond::DuckLandedV1Duck.ring: Breaking String > DuckLandedV1DuckRing, renamed -
    pond::DuckLandedV1DuckRing: Addition - > struct, renamed -
    ");
}

#[test]
fn one_of_two_scopes_is_dropped() {
    let report = report(|page| {
        page.change("ring", &["2ring:string scope:pond:duck:readonly"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      RowScopes Documentation at event.duck.ring -pond:ring:readonly
        rust pond::DuckLandedV1 → duck.ring
        An app that has only `pond:ring:readonly` may stop receiving the field; `pond:duck:readonly` is needed now.
    ");
}

#[test]
fn a_field_needs_a_scope_now() {
    let report = report(|page| {
        page.change("name", &["2name:string scope:pond:name:readonly"]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      RowScopes Documentation at event.duck.name +pond:name:readonly
        rust pond::DuckLandedV1 → duck.name
        An app without `pond:name:readonly` may stop receiving the field.
    ");
}

#[test]
fn the_event_needs_another_scope() {
    let report = report(|page| page.scopes = vec!["pond:pond"]);
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      Scopes Documentation +pond:pond -pond:pond:readonly
        An app that has only `pond:pond:readonly` may stop receiving the event; `pond:pond` is needed now.
    ");
}

#[test]
fn a_value_is_added_and_one_is_called_otherwise() {
    let report = report(|page| {
        let kind = "2kind:string mallard=Wild teal=Teal 3=Other";
        page.change("kind", &[kind]);
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      RowValues Documentation at event.duck.kind: mallard (Mallard) > mallard (Wild) +3 (Other)
        rust pond::DuckLandedV1 → duck.kind
    ");
}

#[test]
fn title_and_date_change() {
    let report = report(|page| {
        page.title = "A duck landed";
        page.day = "2026-11-02";
    });
    assert_snapshot!(report, @r"
    guard: silent
    step: Patch
    pond.duck.landed_v1 Changed: Documentation
      Title Documentation: Duck landed > A duck landed
      PageDate Documentation: 2026-03-01 > 2026-11-02
    ");
}

#[test]
fn an_event_comes_and_renames_nothing() {
    let pond = pond();
    let pages = scraped(&pond);
    // Its object has the documented name of another one, and other fields.
    let page = Page::new(
        "pond.duck.slept_v1",
        "Duck slept",
        &["1duck:duck_event", "2dream:string"],
    );
    write(&pages, &page);
    assert_snapshot!(pages.changes(&Overlay::default()), @r"
    guard: silent
    step: Minor
    pond.duck.slept_v1 Added: Addition
    Event::PondDuckSleptV1: Addition - > pond::DuckSleptV1, renamed -
    pond::DuckSleptV1: Addition - > struct, renamed -
    pond::DuckSleptV1Duck: Addition - > struct, renamed -
    ");
}

/// Another scalar in one place of a shared type: there, and in the type, text can be either.
#[test]
fn a_scalar_that_changes_in_one_place_of_a_type_is_text_in_all() {
    let mut pond = pond();
    let pages = scraped(&pond);
    pond[1].change("weight", &["2weight:string"]);
    write(&pages, &pond[1]);
    let names = r#"{ "Duck": ["duck.landed_v1/duck", "duck.left_v1/duck"] }"#;
    let mut overlay = Overlay::default();
    let file = std::path::Path::new("names/pond.json");
    overlay.add(file, file, names).unwrap();
    assert_snapshot!(pages.changes(&overlay), @r"
    guard: silent
    step: Major
    pond.duck.left_v1 Changed: Breaking
      RowRetyped Breaking at event.duck.weight: int > string
        rust pond::DuckLeftV1 → duck.weight
        i64 > String
    pond::Duck.weight: Breaking i64 > String, renamed -
    ");
}

#[test]
fn the_report_reads_well() {
    let mut pond = pond();
    let pages = scraped(&pond);
    pond[0].title = "A duck landed";
    pond[0].day = "2026-11-02";
    pond[0]
        .change("weight", &["2weight:float"])
        .change(
            "kind",
            &["2kind:string mallard=Mallard teal=Teal goose=Goose"],
        )
        .change("ring", &["2ring:string scope:pond:duck:readonly"])
        .change(
            "since",
            &["2since:string", "2seat:seat", "3row:int", "3number:int"],
        );
    pond[1].day = "2026-11-02";
    pond[1].change("reason", &[]);
    write(&pages, &pond[0]);
    write(&pages, &pond[1]);
    fs::remove_file(pages.page(&pond[2].file())).unwrap();
    let new = Page::new(
        "pond.fish.jumped_v1",
        "Fish jumped",
        &["1fish_id:string", "1height:int"],
    );
    write(&pages, &new);
    assert!(pages.scrape().complete);
    let mut report = pages.report(&Overlay::default());
    report.old = "HEAD".into();
    assert_snapshot!("report", markdown::page(&report));
    assert_snapshot!("changelog", markdown::changelog(&report));
    assert_snapshot!("json", json(&report).unwrap());
}
