//! Pages of Lark's portal over schemas of Feishu's: Feishu's facts stay as they are, and beside them
//! stands only what Lark's pages say otherwise.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]
#![allow(dead_code, reason = "other tests use the rest of the helpers")]

mod edits;
mod shared_docs;

use std::fs;
use std::path::Path;

use edits::invented::Page;
use feishu_events_gen::internals::SchemaSet;
use feishu_events_gen::internals::schema::{EventSchema, ListedValues};
use xtask::scrape::{ScrapeArgs, scrape_on};

const LANDED: &str = "schemas/pond/duck.landed_v1.json";

fn feishu() -> Page {
    Page::new(
        "pond.duck.landed_v1",
        "鸭子落水",
        &[
            "1duck_id:string",
            "1kind:string scope:pond:duck:readonly wild=野生 tame=家养",
            "1pond_id:string",
        ],
    )
}

/// A newer page, as `cargo xtask fetch --host open.larksuite.com` writes it.
fn lark() -> Page {
    let mut page = Page::new(
        "pond.duck.landed_v1",
        "Duck landed",
        &[
            "1duck_id:string",
            "1kind:string scope:pond:duck wild=Wild tame=Tame",
            "1depth:int",
        ],
    );
    page.day = "2026-04-01";
    page.scopes = vec!["pond:pond"];
    page
}

fn of_lark(page: &Page) -> String {
    let address = format!(
        "url: \"https://open.larksuite.com/document/portal/pond-v1/events/{}\"\nupdateTime",
        page.event
    );
    let text = page.text().replacen("updateTime", &address, 1);
    if page.title.is_ascii() {
        text.replace("事件类型", "Event type")
            .replace("支持的应用类型", "Supported app types")
            .replace("权限要求", "Required scopes")
            .replace("名称", "Name")
            .replace("类型", "Type")
            .replace("描述", "Description")
            .replace("事件体", "Event body")
            .replace("基本", "Facts")
            .replace("## 事件", "## Event")
    } else {
        text
    }
}

/// Scrapes all pages that there are of a portal; gives the report.
fn run(root: &Path, pages: &[(&str, String)]) -> String {
    let docs = root.join("docs");
    let _ = fs::remove_dir_all(&docs);
    fs::create_dir(&docs).unwrap();
    for (name, text) in pages {
        fs::write(docs.join(name), text).unwrap();
    }
    let args = ScrapeArgs {
        inputs: vec![docs],
        out: root.join("schemas"),
        all: true,
        ..ScrapeArgs::default()
    };
    let scraped = scrape_on(&args, false, "2026-11-21").unwrap();
    assert!(scraped.complete, "{}", scraped.report);
    scraped.report
}

fn read(root: &Path, file: &str) -> (String, EventSchema) {
    let text = fs::read_to_string(root.join(file)).unwrap();
    let schema = EventSchema::from_json(&text).unwrap();
    (text, schema)
}

/// Without what Lark's page adds: its differences, and its words where they are English.
fn of_feishu(schema: &EventSchema) -> String {
    let mut schema = EventSchema {
        lark: None,
        title_en: None,
        ..schema.clone()
    };
    for row in &mut schema.fields {
        row.values_en = ListedValues::default();
    }
    schema.to_json()
}

#[test]
fn feishus_facts_stay_byte_for_byte_and_lark_holds_the_differences() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let other = Page::new("pond.frog.leapt_v1", "青蛙跳", &["1frog_id:string"]);
    let pages = [("a.md", feishu().text()), ("b.md", other.text())];
    run(root, &pages);
    let before = read(root, LANDED).0;
    let frog = read(root, "schemas/pond/frog.leapt_v1.json").0;

    run(root, &[("a.md", of_lark(&lark()))]);
    let (merged, schema) = read(root, LANDED);
    assert_eq!(of_feishu(&schema), before);
    assert_eq!(schema.title_en.as_deref(), Some("Duck landed"));
    let added: Vec<&str> = merged
        .lines()
        .filter(|line| !before.contains(line))
        .collect();
    insta::assert_snapshot!(added.join("\n"), @r#"
      "title_en": "Duck landed",
      "lark": { "document": { "path": "/portal/pond-v1/events/pond.duck.landed_v1", "updated": "2026-04-01" }, "scopes": ["pond:pond"], "without": ["event.pond_id"], "fields": [
        { "path": "event.kind", "type": "string", "scopes": ["pond:duck"] },
        { "path": "event.depth", "type": "int" }
      ] },
        { "level": 1, "name": "kind", "type": "string", "values": { "wild": "野生", "tame": "家养" }, "values_en": { "wild": "Wild", "tame": "Tame" }, "scopes": ["pond:duck:readonly"] },
    "#);
    // That Lark's pages lack an event says nothing of Feishu's.
    assert_eq!(read(root, "schemas/pond/frog.leapt_v1.json").0, frog);

    // In any order, and again, the same.
    run(root, &pages);
    assert_eq!(read(root, LANDED).0, merged);
    run(root, &[("a.md", of_lark(&lark()))]);
    assert_eq!(read(root, LANDED).0, merged);
    let both = tempfile::tempdir().unwrap();
    run(
        both.path(),
        &[("a.md", feishu().text()), ("lark.md", of_lark(&lark()))],
    );
    assert_eq!(read(both.path(), LANDED).0, merged);
}

/// The real pages of Lark's portal that are at hand, over the committed schemas.
#[test]
fn real_pages_of_lark_change_nothing_of_feishus() {
    let Some(more) = shared_docs::folder("more") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let committed = SchemaSet::load(Path::new("../schemas")).unwrap();
    for file in committed.iter() {
        let place = folder
            .path()
            .join(&file.service)
            .join(format!("{}.json", file.rest()));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, file.schema.to_json()).unwrap();
    }
    let args = ScrapeArgs {
        inputs: vec![more.join("lark-docs")],
        out: folder.path().to_owned(),
        all: true,
        ..ScrapeArgs::default()
    };
    assert!(scrape_on(&args, false, "2026-11-21").unwrap().complete);
    let merged = SchemaSet::load(folder.path()).unwrap();
    assert_eq!(merged.len(), committed.len());
    let mut on_lark = 0;
    for file in merged.iter() {
        let before = committed.get(&file.schema.event_type).unwrap();
        assert_eq!(of_feishu(&file.schema), of_feishu(&before.schema));
        on_lark += usize::from(file.schema.lark.is_some());
    }
    assert_eq!(on_lark, 12);
}

#[test]
fn a_newer_page_in_chinese_does_not_rename_the_event() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    run(root, &[("a.md", feishu().text())]);
    let before = read(root, LANDED).0;
    let mut page = lark();
    page.title = "鸭子降落";
    run(root, &[("a.md", of_lark(&page))]);
    assert_eq!(of_feishu(&read(root, LANDED).1), before);
}

/// Of an event that Feishu's portal lacks, only the SDKs' names may be known.
#[test]
fn a_page_of_lark_gives_an_event_without_page_no_other_title() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    run(root, &[("a.md", feishu().text())]);
    let mut schema = read(root, LANDED).1;
    (schema.title, schema.document) = (String::new(), None);
    fs::write(root.join(LANDED), schema.to_json()).unwrap();
    let mut page = lark();
    page.title = "事件";
    run(root, &[("a.md", of_lark(&page))]);
    let (_, merged) = read(root, LANDED);
    assert_eq!(of_feishu(&merged), schema.to_json());
    assert!(merged.lark.unwrap().document.is_some());
}

#[test]
fn each_portal_alone_says_what_is_gone_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let frog = Page::new("pond.frog.leapt_v1", "青蛙跳", &["1frog_id:string"]);
    let toad = Page::new("pond.toad.sang_v1", "Toad sang", &["1toad_id:string"]);
    run(root, &[("a.md", feishu().text())]);
    run(root, &[("t.md", of_lark(&toad))]);
    let sang = "schemas/pond/toad.sang_v1.json";
    assert!(read(root, sang).1.lark.unwrap().only);

    // Feishu's portal loses the duck; the toad was never there.
    let report = run(root, &[("b.md", frog.text())]);
    assert!(report.contains("missing pond.duck.landed_v1"), "{report}");
    assert!(!report.contains("toad"), "{report}");
    let gone = read(root, LANDED).0;
    assert!(gone.contains("\"missing_since\": \"2026-11-21\""));

    // Lark's has it: that brings no page of Feishu's back.
    let report = run(root, &[("a.md", of_lark(&lark()))]);
    assert!(report.contains("missing pond.toad.sang_v1"), "{report}");
    let (_, schema) = read(root, LANDED);
    assert_eq!(of_feishu(&schema), gone);
    assert!(schema.lark.is_some());
}

/// Feishu's page comes to say what only Lark's said: then only the rest still differs.
#[test]
fn what_has_become_the_same_on_both_portals_is_no_difference_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    run(root, &[("a.md", feishu().text())]);
    run(root, &[("a.md", of_lark(&lark()))]);
    let mut page = Page::new(
        "pond.duck.landed_v1",
        "鸭子落水",
        &[
            "1duck_id:string",
            "1kind:string scope:pond:duck wild=野生 tame=家养",
            "1depth:int",
        ],
    );
    page.day = "2026-05-01";
    run(root, &[("a.md", page.text())]);
    let lark = read(root, LANDED).1.lark.unwrap();
    assert_eq!(lark.scopes.as_deref(), Some(&["pond:pond".to_owned()][..]));
    assert_eq!((lark.without, lark.fields), (Vec::new(), Vec::new()));
    assert!(lark.document.is_some());

    // The scopes of the event too, but one field has another type there.
    page.scopes = vec!["pond:pond"];
    page.day = "2026-05-02";
    run(
        root,
        &[("a.md", of_lark(&self::lark()).replace("int", "float"))],
    );
    run(root, &[("a.md", page.text())]);
    let lark = read(root, LANDED).1.lark.unwrap();
    assert_eq!(lark.scopes, None);
    let paths: Vec<&str> = lark.fields.iter().map(|row| &row.path[..]).collect();
    assert_eq!(paths, ["event.depth"]);
}
