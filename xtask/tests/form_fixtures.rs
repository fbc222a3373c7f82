//! One invented event in every form and every encoding: the schema is that of the raw page, but
//! for what a form doesn't carry.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use encoding_rs::WINDOWS_1252;
use feishu_events_gen::internals::schema::{EventSchema, ListedValues};
use xtask::pages::decode::decode;
use xtask::pages::read::{Outcome, read_page};
use xtask::scrape::{ScrapeArgs, scrape};

fn read(name: &str, bytes: &[u8]) -> (EventSchema, &'static str) {
    let reading = read_page(&decode(name, bytes).unwrap());
    let Outcome::Events(mut events) = reading.outcome else {
        panic!("{name}: {:?}", reading.findings);
    };
    assert_eq!(events.len(), 1, "{name}");
    let event = events.remove(0);
    (event.schema, event.form.name)
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/fixtures/forms/{name}")).unwrap()
}

fn raw() -> EventSchema {
    read("raw.md", &fixture("raw.md")).0
}

/// What is compared: a form may lack the path, and English pages have English titles.
fn without_page(mut schema: EventSchema) -> String {
    schema.title.clear();
    schema.document = None;
    schema.to_json()
}

#[test]
fn every_form_gives_the_same_schema() {
    for (name, form) in [
        ("answer.json", "levelled table"),
        ("nbsp_corner.md", "indented table"),
        ("english.md", "indented table"),
        ("saved.html", "indented table"),
        ("corner.md", "corner table"),
        ("export.md", "flat table"),
        ("multiline.md", "flat table"),
    ] {
        let (schema, found) = read(name, &fixture(name));
        assert_eq!(found, form, "{name}");
        assert_eq!(without_page(schema), without_page(raw()), "{name}");
    }
}

#[test]
fn poor_forms_give_all_that_they_carry() {
    let bare = |mut schema: EventSchema| {
        schema.scopes.clear();
        schema.field_scopes.clear();
        schema.app_types.clear();
        for row in &mut schema.fields {
            row.scopes.clear();
            row.values = ListedValues::default();
            (row.min_len, row.max_len) = (None, None);
        }
        without_page(schema)
    };
    for name in ["glued.md", "bold_headings.md"] {
        let (schema, _) = read(name, &fixture(name));
        assert_eq!(bare(schema), bare(raw()), "{name}");
    }
}

#[test]
fn pages_tell_where_they_stand_and_of_when_they_are() {
    for (name, path) in [
        (
            "raw.md",
            Some("/portal/reference/garden-v2/tree/events/watered"),
        ),
        (
            "answer.json",
            Some("/portal/reference/garden-v2/tree/events/watered"),
        ),
        (
            "english.md",
            Some("/portal/reference/garden-v2/tree/events/watered"),
        ),
        (
            "saved.html",
            Some("/portal/reference/garden-v2/tree/events/watered"),
        ),
        ("multiline.md", Some("/garden/garden-v2/tree/watered")),
        ("export.md", None),
    ] {
        let document = read(name, &fixture(name)).0.document;
        assert_eq!(document.as_ref().map(|page| &page.path[..]), path, "{name}");
        let day = document.and_then(|page| page.updated);
        assert_eq!(day.as_deref(), path.map(|_| "2024-07-05"), "{name}");
    }
}

#[test]
fn every_encoding_gives_the_same_schema() {
    let text = String::from_utf8(fixture("raw.md")).unwrap();
    let crlf = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&text);
    let utf_16: Vec<u8> = crlf.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big_endian: Vec<u8> = crlf.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let html = String::from_utf8(fixture("saved.html")).unwrap();
    let (html, _, _) = encoding_rs::GB18030.encode(&html);
    for (name, bytes) in [
        ("CRLF and a mark", crlf.as_bytes()),
        ("GB18030", &gb18030),
        ("UTF-16", &utf_16),
        ("UTF-16, big end first", &big_endian),
        ("HTML in GB18030", &html),
    ] {
        assert_eq!(
            without_page(read(name, bytes).0),
            without_page(raw()),
            "{name}"
        );
    }
}

#[test]
fn a_wrong_character_set_costs_no_name_type_or_level() {
    let text = String::from_utf8(fixture("raw.md")).unwrap();
    let (wrong, _) = WINDOWS_1252.decode_without_bom_handling(text.as_bytes());
    let dropped: String = wrong
        .chars()
        .filter(|c| !('\u{80}'..'\u{a0}').contains(c))
        .collect();
    for wrong in [wrong.as_ref(), &dropped] {
        let rows = |schema: EventSchema| {
            let rows = schema.fields.into_iter();
            let facts = rows.map(|row| (row.level, row.name, row.type_name, row.scopes));
            facts.collect::<Vec<_>>()
        };
        let reading = read_page(&decode("wrong.md", wrong.as_bytes()).unwrap());
        let lost = reading
            .findings
            .iter()
            .filter(|finding| finding.kind.name() == "lost-text");
        assert_eq!(lost.count(), 1);
        let (schema, _) = read("wrong.md", wrong.as_bytes());
        assert_eq!(rows(schema), rows(raw()));
    }
}

/// All forms at once, in any order, over the schema of any of them: the same schema.
#[test]
fn all_forms_together_give_one_schema() {
    let names = [
        "raw.md",
        "glued.md",
        "export.md",
        "nbsp_corner.md",
        "bold_headings.md",
    ];
    for first in names {
        let out = tempfile::tempdir().unwrap();
        for inputs in [&[first][..], &names] {
            let inputs = inputs
                .iter()
                .map(|name| format!("tests/fixtures/forms/{name}").into());
            let args = ScrapeArgs {
                inputs: inputs.collect(),
                out: out.path().to_owned(),
                report: None,
                findings: false,
                descriptions: false,
                ..ScrapeArgs::default()
            };
            assert!(scrape(&args, false).unwrap().complete);
        }
        let file = out.path().join("garden/tree.watered_v2.json");
        let schema = EventSchema::from_json(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(schema, raw(), "{first} first");
    }
    let out = tempfile::tempdir().unwrap();
    for name in [
        "raw.md",
        "glued.md",
        "export.md",
        "multiline.md",
        "saved.html",
        "corner.md",
    ] {
        let args = ScrapeArgs {
            inputs: vec![format!("tests/fixtures/forms/{name}").into()],
            out: out.path().to_owned(),
            report: None,
            findings: false,
            descriptions: false,
            ..ScrapeArgs::default()
        };
        scrape(&args, false).unwrap();
        let file = out.path().join("garden/tree.watered_v2.json");
        let schema = EventSchema::from_json(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(
            without_page(schema),
            without_page(raw()),
            "{name} loses nothing"
        );
    }
}

/// What looks like a page of an event and is none.
#[test]
fn look_alikes_are_no_events() {
    let sample = String::from_utf8(fixture("raw.md")).unwrap();
    let sample = sample
        .split("```json")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap()
        .to_owned();
    let other = sample.replace("watered_v2", "felled_v2");
    for (name, text) in [
        (
            "overview",
            "# 事件列表\n\n| 事件类型 | 说明 |\n| --- | --- |\n| garden.tree.watered_v2 | 浇树 |\n"
                .to_owned(),
        ),
        (
            "method",
            format!(
                "# 订阅\n\n| 基本 | |\n| --- | --- |\n| HTTP URL | https://x |\n| HTTP Method | POST |\n\n```json\n{sample}\n```\n"
            ),
        ),
        (
            "guide",
            format!(
                "# 指南\n\n```json\n{{\"challenge\": \"x\", \"type\": \"url_verification\"}}\n```\n\n```json\n{sample}\n```\n"
            ),
        ),
        (
            "guide with several",
            format!("# 指南\n\n```json\n{sample}\n```\n\n```json\n{other}\n```\n"),
        ),
        ("payload", sample.clone()),
        (
            "code",
            "# SDK\n\n```go\nregister(\"garden.tree.watered_v2\")\n```\n".to_owned(),
        ),
    ] {
        let reading = read_page(&decode(name, text.as_bytes()).unwrap());
        assert!(
            matches!(reading.outcome, Outcome::PassedOver(_)),
            "{name}: {:?}",
            reading.outcome
        );
    }
}

/// The raw page as HTML, and what converters made of it: `tests/converters/run` does the same with the
/// real pages. One of them glues the items of a list together, and the values with them.
#[test]
fn converted_pages_give_what_their_html_gives() {
    let converted = |name: &str| std::fs::read(format!("tests/fixtures/converted/{name}")).unwrap();
    let html = without_page(read("page.html", &converted("page.html")).0);
    for name in [
        "html2text.md",
        "html2text-wrapped.md",
        "markdownify.md",
        "node-html-markdown.md",
        "pandoc.md",
        "rehype-remark.md",
        "turndown.md",
        "turndown-indented.md",
    ] {
        let (mut schema, _) = read(name, &converted(name));
        if name == "node-html-markdown.md" {
            let mut rows = schema.fields.iter_mut();
            let state = rows.find(|row| row.name == "state").unwrap();
            assert!(state.values.is_empty());
            state.values = ListedValues(
                [("1", "Dry"), ("2", "Wet")]
                    .map(|(v, l)| (v.into(), l.into()))
                    .into(),
            );
        }
        assert_eq!(without_page(schema), html, "{name}");
    }
}
