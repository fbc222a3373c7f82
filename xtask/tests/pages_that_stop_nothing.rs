//! Pages that are older than the schemas, that no types can be generated of, or that are about
//! something else: they take nothing away and keep no other page from being written.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod edits;
mod shown;

use std::fs;

use edits::invented::{Page, pond, scraped, write};
use feishu_events_gen::internals::Overlay;
use xtask::scrape::{ScrapeArgs, Scraped, scrape};

/// The pages in a folder of their own, scraped; gives the folder of the schemas too.
fn run(pages: &[(&str, &str)]) -> (tempfile::TempDir, Scraped) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in pages {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let args = ScrapeArgs {
        inputs: vec![folder.path().to_owned()],
        out: folder.path().join("schemas"),
        ..ScrapeArgs::default()
    };
    let scraped = scrape(&args, false).unwrap();
    (folder, scraped)
}

fn silent(pages: &edits::Edited) {
    assert_eq!(
        pages.changes(&Overlay::default()),
        "guard: silent\nstep: None\n"
    );
}

/// A folder of pages from before the event was documented, or before its page was changed.
#[test]
fn older_pages_take_nothing_away() {
    let mut pond = pond();
    pond[0].day = "2026-05-01";
    let pages = scraped(&pond);
    // The page as it was, with half of its rows.
    let mut older = pond[0].clone();
    older.day = "2026-01-01";
    older.rows.truncate(2);
    write(&pages, &older);
    silent(&pages);
    // The page of the same place was about another event, or about none.
    let other = older
        .text()
        .replace("<md-td>pond.duck.landed_v1", "<md-td>pond.duck.sat_v1");
    let other = other.replace("pond.duck.landed_v1</md-td>", "pond.duck.sat_v1</md-td>");
    fs::write(pages.page(&older.file()), other.replace("事件类型", "类目")).unwrap();
    let run = pages.scrape();
    assert!(run.written, "{}", run.report);
    assert!(run.report.contains(
        "unclear pond.duck.landed_v1: the page at hand is older than the schema; the schema is kept"
    ));
    // There has been no page of it yet; another page shows that the pages are old.
    let mut another = pond[1].clone();
    another.day = "2026-02-01";
    write(&pages, &another);
    fs::remove_file(pages.page(&older.file())).unwrap();
    let run = pages.scrape();
    assert!(run.written && run.complete, "{}", run.report);
    assert!(
        run.report.contains(
            "unclear pond.duck.landed_v1: all pages at hand are older than the schema; the schema is kept"
        ),
        "{}",
        run.report
    );
    assert!(pages.report(&Overlay::default()).is_empty());
}

/// The portal's own tables mark their lists of values, a converter's can't: of the same day, what the
/// text still names is kept.
#[test]
fn values_that_the_text_names_are_kept_whatever_the_form() {
    let converted = |day: &str| {
        format!(
            "---\nfullPath: \"/portal/pond-v1/events/x\"\nupdateTime: \"{day}T08:00:00Z\"\n---\n# X\n\n\
             | 项目 | 值 |\n| --- | --- |\n| 事件类型 | pond.duck.rang_v1 |\n\n| 名称 | 类型 | 描述 |\n| --- | --- | --- |\n\
             | `schema` | `string` | x |\n| `header` | `event_header` | x |\n\
             |   `event_id` | `string` | x |\n| `event` | `\\-` | x |\n\
             |   `bell` | `string` | Which<br>- big_one：Big - small：Small |\n"
        )
    };
    let raw = |text: &str| {
        let mut page = Page::new("pond.duck.rang_v1", "X", &["1bell:string"]);
        page.rows[0].3 = text.to_owned();
        page.text().replace("events/pond.duck.rang_v1", "events/x")
    };
    let rang = |texts: [&str; 2]| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("schemas");
        for text in texts {
            let page = folder.path().join("page.md");
            fs::write(&page, text).unwrap();
            let args = ScrapeArgs {
                inputs: vec![page],
                out: out.clone(),
                ..ScrapeArgs::default()
            };
            assert!(scrape(&args, false).unwrap().complete);
        }
        let text = fs::read_to_string(out.join("pond/duck.rang_v1.json")).unwrap();
        let schema = feishu_events_gen::internals::schema::EventSchema::from_json(&text).unwrap();
        shown::schema(&schema).lines().last().unwrap().to_owned()
    };
    let same = raw("- big_one：Big\n- small：Small\n");
    assert_eq!(
        rang([&converted("2026-03-01"), &same]),
        ". bell: string big_one=Big small=Small"
    );
    let other = raw("- big：Big\n- small：Small\n");
    assert_eq!(rang([&converted("2026-03-01"), &other]), ". bell: string");
}

/// A page that does not say where it stands, with a type that nothing explains: `generate` takes it for
/// a slip of the pen.
#[test]
fn what_generate_would_refuse_is_not_written() {
    let good = pond()[1].text();
    let bad = Page::new("pond.duck.ate_v1", "X", &["1bread:loaf"]).text();
    let bad = bad.replace("fullPath", "elsewhere");
    let (folder, scraped) = run(&[("good.md", &good), ("bad.md", &bad)]);
    assert!(!scraped.complete);
    let report = scraped
        .report
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for part in ["not-generated", "bad.md", "pond.duck.ate_v1", "`loaf`"] {
        assert!(report.contains(part), "{part} in {report}");
    }
    assert!(!folder.path().join("schemas/pond/duck.ate_v1.json").exists());
    assert!(
        folder
            .path()
            .join("schemas/pond/duck.left_v1.json")
            .exists()
    );
}

/// A mirror of thousands of pages is never without a few broken ones.
#[test]
fn a_few_broken_pages_of_thousands_are_named_and_all_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let docs = folder.path().join("docs");
    let page = pond()[1].text();
    let broken: [(usize, &[u8]); 4] = [
        (17, b"\xff\xfe\x00"),
        (500, b"<md-dt-table>\n"),
        (1234, b">string<"),
        (1999, b"{\"code\": 1, \"data\": {}}"),
    ];
    for number in 0..2000 {
        let file = docs.join(format!("pond-{}/page-{number:04}.md", number / 100));
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        let event = format!("pond.duck.left_number_{number}_v1");
        let text = page.replace("pond.duck.left_v1", &event).into_bytes();
        let text = match broken.iter().find(|(at, _)| *at == number) {
            None => text,
            // The page without its end.
            Some((_, bytes)) if bytes.starts_with(b"<md") => text[..text.len() - 60].to_vec(),
            // A row without its type.
            Some((_, b">string<")) => String::from_utf8(text)
                .unwrap()
                .replace(">string<", "><")
                .into(),
            Some((_, bytes)) => bytes.to_vec(),
        };
        fs::write(file, text).unwrap();
    }
    let out = folder.path().join("schemas");
    let args = ScrapeArgs {
        inputs: vec![docs],
        out: out.clone(),
        ..ScrapeArgs::default()
    };
    let scraped = scrape(&args, false).unwrap();
    assert!(!scraped.complete && scraped.written);
    for (number, _) in broken {
        let name = format!("page-{number:04}.md");
        assert!(scraped.report.contains(&name), "{name}");
    }
    assert!(
        scraped.report.contains("pages that failed: 4\n"),
        "{}",
        scraped.report
    );
    assert_eq!(fs::read_dir(out.join("pond")).unwrap().count(), 1996);
}

const CARD_GUIDE: &str = r#"---
fullPath: "/portal/cards/build"
updateTime: "2026-03-01T08:00:00Z"
---
# Build a card

| 名称 | 类型 | 描述 |
| --- | --- | --- |
| `elements` or, in newer cards, `body.elements` | array | What the card shows |
| config | object | How it looks |

When a user clicks, this arrives:

```json
{ "schema": "2.0", "header": { "event_type": "pond.duck.left_v1" },
  "event": { "duck": {}, "reason": "bored" } }
```
"#;

/// Its tables are about something else, and one of their rows is not a field.
#[test]
fn a_guide_with_an_event_as_an_example_is_passed_over() {
    let page = pond()[1].text();
    let (folder, scraped) = run(&[("guide.md", CARD_GUIDE), ("left.md", &page)]);
    assert!(scraped.complete, "{}", scraped.report);
    let reason = "guide.md: no event: its tables are about something else\n";
    assert!(scraped.report.contains(reason), "{}", scraped.report);
    assert!(
        folder
            .path()
            .join("schemas/pond/duck.left_v1.json")
            .exists()
    );
    // Where no page describes the event, it is an error that names it.
    let (_, alone) = run(&[("guide.md", CARD_GUIDE)]);
    assert!(
        !alone.complete && alone.report.contains("`pond.duck.left_v1`"),
        "{}",
        alone.report
    );
}

/// An old callback comes without an envelope: all of the request is its payload.
#[test]
fn a_callback_without_an_envelope_is_read() {
    let head = "---\nfullPath: \"/portal/pond-v1/old\"\n---\n# Old clicks\n\n\
                | 项目 | 值 |\n| --- | --- |\n| 回调类型 | pond.button.pressed_v1 |\n\n";
    let sample = "```json\n{ \"open_id\": \"ou_1\", \"action\": { \"tag\": \"button\" } }\n```\n";
    let table = "| 名称 | 类型 | 描述 |\n| --- | --- | --- |\n| open_id | string | Who |\n\
                 | action | object | What |\n| tag | string | With what |\n";
    let answer = "\n| 名称 | 类型 | 描述 |\n| --- | --- | --- |\n| toast | object | Shown |\n";
    let rows = "event: object\n. open_id: string\n. action: object\n. . tag: string";
    let expected = format!("pond.button.pressed_v1 1.0 Old clicks\n{rows}");
    for text in [
        format!("{head}{table}{sample}{answer}"),
        format!("{head}{sample}"),
    ] {
        assert_eq!(shown::events("old.md", text.as_bytes()), expected, "{text}");
    }
}
