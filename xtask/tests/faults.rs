//! Pages that were read wrongly once, one for each kind of fault. They lie with the other pages; what
//! is right was written down by hand.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;
mod shown;

use feishu_events_gen::internals::schema::EventSchema;
use xtask::scrape::{ScrapeArgs, scrape};

/// What a page of the folder gives.
fn read(name: &str) -> Option<String> {
    let folder = shared_docs::folder("faults")?;
    Some(shown::file(&folder.join(name)))
}

const FLOWER: &str = "\
garden.flower.planted_v1 2.0 种花
scopes: garden:flower_x:readonly garden:flower
field scopes: garden:gardener_id:readonly
schema: string
header: event_header
. event_id: string
. event_type: string
event: -
. mode: string full_size=All half=Half
. user_id: string [garden:gardener_id:readonly]";

#[test]
fn escapes_of_a_converter_are_undone() {
    for page in ["m0-control.md", "m1-underscore-escaped.md"] {
        let Some(read) = read(page) else { return };
        assert_eq!(read, FLOWER, "{page}");
    }
}

#[test]
fn converters_of_html_are_read() {
    for page in [
        "m2-cell-over-lines.md",
        "m3-doctype-line.md",
        "m4-setext-title.md",
        "m5-list-on-one-line.md",
    ] {
        let Some(read) = read(page) else { return };
        assert_eq!(read, FLOWER, "{page}");
    }
    let aligned = FLOWER
        .replace("garden:flower_x:readonly ", "")
        .replace(" full_size=All half=Half", "")
        .replace(" [garden:gardener_id:readonly]", "");
    assert_eq!(read("m6-aligned-text.md"), Some(aligned));
}

/// The rows of the old envelope, and of the header of the new one where a sample shows it.
const OLD: &str = "\nts: string\nuuid: string\ntoken: string\ntype: string\nevent: object";
const NEW: &str = "\nschema: string\nheader: object\n. event_id: string\n. event_type: string\n\
                   . app_id: string\n. tenant_key: string\nevent: object";

fn old(name: &str, title: &str, rows: &str) -> String {
    format!("{name} 1.0 {title}{OLD}{rows}")
}

#[test]
fn a_table_of_the_inner_fields_stands_inside_of_the_event() {
    for page in ["k1-sample-above-table.md", "k1-control-sample-below.md"] {
        let Some(read) = read(page) else { return };
        let rows = "\n. type: string\n. thing_code: string\n. status: string OPEN=Open SHUT=Shut\n\
                    . app_id: string";
        assert_eq!(read, old("zz_thing", "A thing", rows), "{page}");
    }
}

#[test]
fn samples_name_one_event_or_several() {
    let rows = "\n. app_id: string\n. type: string\n. thing_code: string\n. status: string";
    let added = old("zz_thing_add", "A thing", rows);
    let Some(one) = read("k2-control-one-event.md") else {
        return;
    };
    assert_eq!(one, added);
    let removed = added.replace("zz_thing_add", "zz_thing_remove");
    let several = read("k2-two-events-one-page.md").unwrap();
    assert_eq!(several, format!("{added}\n\n{removed}"));
    let nameless = "zz_thing 1.0 A thing\nevent: object\n. object: object\n. . type: string\n\
                    . . thing_code: string\n. old_object: -";
    assert_eq!(read("k3-no-name-in-sample.md").unwrap(), nameless);
    let rows = "\n. app_id: string\n. type: string\n. thing_code: string\n. quiet: boolean";
    assert_eq!(
        read("k6-single-quotes.md").unwrap(),
        old("zz_thing", "A thing", rows)
    );
}

#[test]
fn what_people_type_into_samples_gives_no_fields() {
    for (page, rows) in [
        (
            "k4-hash-comment.md",
            "\n. name: string\n. thing_code: string",
        ),
        (
            "k5-single-slash.md",
            "\n. text: string\n. thing_code: string",
        ),
        (
            "k5-smart-quote.md",
            "\n. operator_id: string\n. name: string\n. thing_code: string",
        ),
        (
            "k7-map-key.md",
            "\n. texts: map<string, string>\n. thing_code: string",
        ),
    ] {
        let Some(read) = read(page) else { return };
        assert_eq!(
            read,
            format!("contact.zz_thing.updated_v3 2.0 A thing{NEW}{rows}"),
            "{page}"
        );
    }
}

#[test]
fn the_number_of_corners_is_the_level() {
    for page in ["k10-control-backtick.md", "k10-repeated-corner.md"] {
        let Some(read) = read(page) else { return };
        assert_eq!(
            read,
            "contact.zz_thing.updated_v3 2.0 某页\nschema: string\nheader: event_header\n\
             . event_id: string\n. event_type: string\nevent: -\n. sender: zz_sender\n\
             . . sender_id: zz_id\n. . . open_id: string\n. . sender_kind: string\n\
             . thing_code: string",
            "{page}"
        );
    }
}

#[test]
fn lists_of_values_and_names_of_scopes_are_read() {
    let head = "contact.zz_thing.updated_v3 2.0 A thing\nscopes: contact:zz:readonly";
    let rows = "\nschema: string\nheader: event_header\n. event_id: string\n. event_type: string\n\
                . tenant_key: string\nevent: -";
    let Some(read_values) = read("k8-values.md") else {
        return;
    };
    let values = "\n. kind_a: string A=First B=Second\n. kind_b: string A=First B=Second\n\
                  . kind_c: string kind_a=first_kind kind_b=second_kind\n\
                  . kind_d: string a=First b=Second\n. kind_e: string OPEN=Open SHUT=Shut\n\
                  . kind_f: string A=First B=Second\n. kind_g: int 1=First 2=Second\n\
                  . kind_h: string a= b= c=";
    assert_eq!(read_values, format!("{head}{rows}{values}"));
    let id = "contact:user.employee_id:readonly";
    let named = read("k9-scope-name-only.md").unwrap();
    let expected = format!("{head}\nfield scopes: {id}{rows}\n. user_id: string [{id}]");
    assert_eq!(named, expected);
    // The portal's own form marks its lists.
    let raw = read("k8-control-raw-zh.md").unwrap();
    assert!(raw.ends_with("\n. kind_b: string\n. kind_c: string\n. kind_e: string\n. kind_g: int"));
}

#[test]
fn a_page_as_text_is_read() {
    let Some(read) = read("k12-plain-text.md") else {
        return;
    };
    assert_eq!(
        read,
        "contact.zz_thing.updated_v3 2.0 某事件\nschema: string\nheader: event_header\n\
         . event_id: string\n. event_type: string\nevent: -\n. thing: thing\n. . thing_code: string"
    );
}

#[test]
fn folded_rows_are_an_error_that_says_what_to_do() {
    for (page, line) in [("k11-clip-collapsed.md", 24), ("m7-folded-table.md", 17)] {
        let Some(read) = read(page) else { return };
        let start = format!("{page}:{line}: error[folded]: ");
        assert!(
            read.starts_with(&start) && read.contains("cargo xtask fetch"),
            "{read}"
        );
    }
}

/// Runs `scrape` over pages of the folder, one after the other; gives the schemas and what was reported.
fn scraped(pages: &[&str]) -> Option<(tempfile::TempDir, String)> {
    let folder = shared_docs::folder("faults")?;
    let out = tempfile::tempdir().unwrap();
    let mut reports = String::new();
    for page in pages {
        let args = ScrapeArgs {
            inputs: vec![folder.join(page)],
            out: out.path().to_owned(),
            ..ScrapeArgs::default()
        };
        let scraped = scrape(&args, false).unwrap();
        assert!(scraped.complete, "{}", scraped.report);
        reports += &scraped.report;
    }
    Some((out, reports))
}

#[test]
fn an_event_of_the_old_protocol_alone_is_filed_where_its_page_says() {
    let Some((out, _)) = scraped(&["k13-no-service.md"]) else {
        return;
    };
    assert!(out.path().join("contact/zz_thing_add.json").is_file());
}

/// The flat page guesses levels, the English one states them: in either order, no row is doubled
/// and both languages and both portals are kept.
#[test]
fn stated_levels_replace_guessed_ones_in_any_order() {
    let (flat, english) = ("k15-1-flat.md", "k15-2-english.md");
    let mut written = Vec::new();
    for order in [[flat, english], [english, flat]] {
        let Some((out, _)) = scraped(&order) else {
            return;
        };
        let file = out.path().join("contact/thing.updated_v3.json");
        let file = if file.is_file() {
            file
        } else {
            out.path().join("contact/zz_thing.updated_v3.json")
        };
        let schema = EventSchema::from_json(&std::fs::read_to_string(file).unwrap()).unwrap();
        assert_eq!(
            shown::schema(&schema),
            "contact.zz_thing.updated_v3 2.0 某页\nschema: string\nheader: event_header\n\
             . event_id: string\n. event_type: string\nevent: -\n. thing: thing\n\
             . . thing_id: string\n. . leaders: leader[]\n. . . leader_id: string\n\
             . . extras: extra[]\n. . . extra_key: string\n. . . label: zz_text\n\
             . . . . plain: string"
        );
        assert_eq!(schema.title_en.as_deref(), Some("A thing"));
        written.push(schema);
    }
    assert_eq!(written[0].document, written[1].document);
    let lark = written[0]
        .lark
        .as_ref()
        .and_then(|lark| lark.document.as_ref())
        .unwrap();
    assert_eq!(lark.updated.as_deref(), Some("2026-04-17"));
}

/// A page with a sample and a table of the fields in its event, of which some authors write the bars
/// without spaces.
#[test]
fn a_space_behind_a_bar_is_no_level() {
    let sample = r#"{"uuid": "u", "token": "t", "type": "event_callback", "event":
        {"type": "zz_thing", "thing_code": "c", "state": "ON", "by": "b"}}"#;
    let page = format!(
        "# A thing\n\n```json\n{sample}\n```\n\n| Name | Type | Description |\n| --- | --- | --- |\n\
         | `type` | `string` | zz_thing |\n| `thing_code` | `string` | Its code |\n\
         |`state` | `string` | Its state |\n| `by` | `string` | Who |\n"
    );
    assert_eq!(
        shown::events("page.md", page.as_bytes()),
        "zz_thing 1.0 A thing\nuuid: string\ntoken: string\ntype: string\nevent: object\n\
         . type: string\n. thing_code: string\n. state: string\n. by: string"
    );
}

/// In a table without levels too, and the keys that the sample has are not fields.
#[test]
fn keys_and_values_of_a_map_are_not_fields() {
    let page = r#"# 改物

| 基本 | |
| --- | --- |
| 事件类型 | contact.zz_thing.updated_v3 |

| 名称 | 类型 | 描述 |
| --- | --- | --- |
| schema | string | 模式 |
| header | event_header | 头 |
| event_id | string | 标识 |
| event_type | string | 类型 |
| event | - | - |
| names | map&lt;string, string&gt; | 名称 |
| key | string | 语言 |
| value | string | 文字 |
| faults | map<string, fault_code> | 错误 |
| key | string | 字段 |
| value | int | 错误码<br>**可选值有**：<br>- 0：成功<br>- 7：没权限 |
| code | string | 编号 |

```json
{"schema": "2.0", "header": {"event_id": "e", "event_type": "contact.zz_thing.updated_v3"},
 "event": {"names": {"zh_cn": "甲", "en_us": "A"}, "code": "c"}}
```
"#;
    assert_eq!(
        shown::events("page.md", page.as_bytes()),
        "contact.zz_thing.updated_v3 2.0 改物\nschema: string\nheader: event_header\n\
         . event_id: string\n. event_type: string\nevent: -\n. names: map<string, string>\n\
         . faults: map<string, int> 0=成功 7=没权限\n. code: string"
    );
}
