//! No page, however cut or mangled, makes the reader panic or hang.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod shared_docs;

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use feishu_events_gen::internals::schema::EventSchema;
use proptest::prelude::*;
use proptest::sample::Index;
use xtask::pages::decode::decode;
use xtask::pages::finding::Severity;
use xtask::pages::read::{Outcome, read_page};
use xtask::scrape::{ScrapeArgs, scrape};

/// What pages are made of, to be put where it doesn't belong.
const PIECES: &[&str] = &[
    "<md-dt-table>",
    "</md-dt-table>",
    "<md-dt-tr level=\"1\">",
    "<md-dt-tr level=\"99\">",
    "</md-dt-tr>",
    "<md-dt-td>",
    "</md-dt-td>",
    "<md-table>",
    "</md-table>",
    "<md-tr>",
    "<md-td>",
    "<md-th>事件类型</md-th>",
    "<md-thead>",
    "</md-thead>",
    "<md-enum-item key=\"",
    "<md-perm name=",
    "<md-code-json>",
    "</md-code-json>",
    "```",
    "```json\n",
    ":::",
    ":::html\n",
    "\n---\n",
    "# ",
    "数据校验规则",
    "可选值：\n",
    "- `a`：b",
    " - ",
    "1：",
    "（a），",
    "固定取值 ",
    "Optional values are",
    "|",
    "\n|",
    "| a | b | c |\n",
    "| --- | --- | --- |\n",
    "---|---|---\n",
    "  \n",
    "| ### x\n",
    "&nbsp;",
    "&emsp;∟",
    "\n└ ",
    "**a**\n",
    "\n{\n",
    "(a:b)\n",
    "`a:b` ",
    "](/events/",
    "<!DOCTYPE html>",
    "<html>",
    "<table>",
    "</table>",
    "<tr data-level=1>",
    "<td>",
    "<pre>",
    "</pre>",
    "<h1>",
    "<script>",
    "<div role=\"table\">",
    "<div role=\"treegrid\">",
    "<div role=\"row\" aria-level=\"2\">",
    "<span role=\"cell\">",
    "<span role=\"columnheader\">名称</span>",
    "</div>",
    "<td colspan=\"99999999\" rowspan=\"99999999\">",
    "<template>",
    "<noscript>",
    "<details>",
    "<svg><table>",
    "{\"code\":0,\"data\":{\"content\":\"",
    "æ",
    "è¡",
    "- 取值范围：`1` ～ ",
    "取值范围[",
    "<!--",
    "<![CDATA[",
    "&#x110000;",
    "&lt;",
    "\"",
    "'",
    "\\",
    "\\u",
    "{",
    "}",
    "[",
    "]",
    ",",
    "，",
    "：",
    "//",
    "/*",
    "\0",
    "\u{feff}",
    "\r",
    "\u{200b}",
    "𠮷",
    "e\u{301}",
];

static PAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut pages = shared_docs::files(PathBuf::from("tests/fixtures"));
    // The other forms are few; they come again and again so that they are mangled as often.
    for (folder, times) in [
        ("2026-03", 1),
        ("2026-05", 1),
        ("2026-02-directory", 5),
        ("dialects", 4),
        ("faults", 3),
        ("more", 5),
        ("seeds", 20),
    ] {
        let folder = shared_docs::folder(folder).map(shared_docs::files);
        for _ in 0..times {
            pages.extend(folder.clone().unwrap_or_default());
        }
    }
    let html = shared_docs::files(PathBuf::from("tests/fixtures/html"));
    pages.extend((0..20).flat_map(|_| html.clone()));
    let pages = pages.iter().map(|page| std::fs::read(page).unwrap());
    pages.collect()
});

#[derive(Debug, Clone)]
enum Mutation {
    Cut(Index),
    CutFront(Index),
    Remove(Index, Index),
    Repeat(Index, Index),
    Insert(Index, usize),
    Swap(Index, Index, Index),
    Byte(Index, u8),
    Splice(Index, Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Mutation::Cut),
        index().prop_map(Mutation::CutFront),
        (index(), index()).prop_map(|(a, b)| Mutation::Remove(a, b)),
        (index(), index()).prop_map(|(a, b)| Mutation::Repeat(a, b)),
        (index(), 0..PIECES.len()).prop_map(|(a, piece)| Mutation::Insert(a, piece)),
        (index(), index(), index()).prop_map(|(a, b, c)| Mutation::Swap(a, b, c)),
        (index(), any::<u8>()).prop_map(|(a, byte)| Mutation::Byte(a, byte)),
        (index(), index(), index()).prop_map(|(a, b, c)| Mutation::Splice(a, b, c)),
    ]
}

impl Mutation {
    fn apply(&self, page: &mut Vec<u8>) {
        let length = page.len() + 1;
        let span = |a: &Index, b: &Index| {
            let (a, b) = (a.index(length), b.index(length));
            a.min(b)..a.max(b)
        };
        match self {
            Self::Cut(at) => page.truncate(at.index(length)),
            Self::CutFront(at) => drop(page.drain(..at.index(length))),
            Self::Remove(a, b) => drop(page.drain(span(a, b))),
            Self::Repeat(a, b) => {
                let part = page[span(a, b)].to_vec();
                page.splice(a.index(length)..a.index(length), part);
            }
            Self::Insert(at, piece) => {
                let at = at.index(length);
                page.splice(at..at, PIECES[*piece].bytes());
            }
            Self::Swap(a, b, c) => {
                let part: Vec<u8> = page.drain(span(a, b)).collect();
                let at = c.index(page.len() + 1);
                page.splice(at..at, part);
            }
            Self::Byte(at, byte) => {
                let at = at.index(length);
                if let Some(old) = page.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Splice(other, from, at) => {
                let other = &PAGES[other.index(PAGES.len())];
                let at = at.index(length);
                page.truncate(at);
                page.extend_from_slice(&other[from.index(other.len())..]);
            }
        }
    }
}

/// Runs the whole command on a page of these bytes; says whether it was complete.
fn run_command(bytes: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("garden-v1.md");
    std::fs::write(&page, bytes).unwrap();
    let args = ScrapeArgs {
        inputs: vec![page],
        out: folder.path().join("schemas"),
        report: Some(folder.path().join("report.json")),
        findings: true,
        descriptions: false,
        ..ScrapeArgs::default()
    };
    scrape(&args, false).unwrap().complete
}

/// Reads bytes and checks what must hold whatever they are.
fn check(bytes: &[u8]) {
    let start = Instant::now();
    // Bytes that are not text are refused, whatever they are; most mutations break a character,
    // and the reader's work begins behind that.
    assert!(decode("page.md", bytes).is_ok() || !run_command(bytes));
    let bytes = String::from_utf8_lossy(bytes).into_owned().into_bytes();
    let Ok(source) = decode("page.md", &bytes) else {
        assert!(!run_command(&bytes));
        return;
    };
    let reading = read_page(&source);
    let complete = run_command(source.text().as_bytes());
    let took = start.elapsed();
    assert!(
        took < Duration::from_secs(60),
        "{took:?} for {} bytes: {:?}…",
        source.text().len(),
        source.text().chars().take(600).collect::<String>()
    );

    let lines = source.text().split('\n').count();
    for finding in &reading.findings {
        assert!(
            finding.line <= lines && !finding.what.is_empty(),
            "{finding}"
        );
        assert!(
            source.text().get(finding.span.clone()).is_some(),
            "{finding}: {:?}",
            finding.span
        );
    }
    let errors = reading
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    assert!(complete <= !errors, "the command fails if the page does");
    match reading.outcome {
        Outcome::Failed => assert!(errors, "a failure has an error"),
        Outcome::PassedOver(reason) => assert!(!errors && !reason.to_string().is_empty()),
        Outcome::Events(events) => {
            assert!(!errors && !events.is_empty(), "a page with events has some");
            for event in events {
                assert!(!event.schema.fields.is_empty(), "an event has fields");
                let text = event.schema.to_json();
                let again = EventSchema::from_json(&text).expect("what is written can be read");
                assert_eq!(again, event.schema);
            }
        }
    }
}

proptest! {
    #[test]
    fn a_mangled_page_is_read_or_refused(
        page in any::<Index>(),
        mutations in prop::collection::vec(mutation(), 1..8),
    ) {
        let mut bytes = PAGES[page.index(PAGES.len())].clone();
        for mutation in &mutations {
            mutation.apply(&mut bytes);
        }
        check(&bytes);
    }
}

/// Pieces in great number: what is not linear shows here.
#[test]
fn many_of_one_piece_are_read_in_time() {
    // Without optimisation the reader is some twenty times slower, and so is its test.
    let bytes = if cfg!(debug_assertions) {
        50_000
    } else {
        1_000_000
    };
    let info = "---\nfullPath: \"/x/garden-v1/y\"\n---\n<md-table><md-tr><md-th>事件类型</md-th>\
                <md-td>garden.tree.grown_v1</md-td></md-tr></md-table>\n";
    let table = "<md-dt-table><md-dt-thead><md-dt-tr><md-dt-th>名称</md-dt-th><md-dt-th>类型\
                 </md-dt-th><md-dt-th>描述</md-dt-th></md-dt-tr></md-dt-thead>";
    let row = "<md-dt-tr level=\"0\"><md-dt-td>event</md-dt-td><md-dt-td>-</md-dt-td><md-dt-td>";
    let sample = "</md-dt-table>\n<md-code-json>{\"header\": {}, \"event\": ";
    let mut starts = vec![String::new(), info.to_owned()];
    starts.push(format!("{info}{table}"));
    starts.push(format!("{info}{table}{row}"));
    starts.push(format!("{info}{table}{row}{sample}"));
    let mut pieces: Vec<String> = PIECES.iter().map(|piece| (*piece).to_owned()).collect();
    pieces.push(format!("{row}x</md-dt-td></md-dt-tr>"));
    pieces.push("<md-dt-tr level=\"1\"><md-dt-td>a</md-dt-td><md-dt-td>int".to_owned());
    pieces.extend(
        [
            table,
            "<md-table></md-table>",
            "<md-code-json>\n:::\n",
            "[{",
        ]
        .map(str::to_owned),
    );
    pieces.extend(
        [
            "\"a\": ",
            "\"a\": {",
            "\"a\": 1,",
            "a | string | b\n",
            "a | b[] |\n",
            "header | - | x\nevent | - | y\n",
            "<tr><td>a<td>object<td>b",
            "  a | b  \n",
            "\"a\": 1, // x: y; z: w\n",
            "x\n",
            "<md-enum-item key=\"a\">b",
        ]
        .map(str::to_owned),
    );
    // The same for tables of Markdown, whose rows may have no level, and for HTML.
    let pipes = "| 事件类型 | garden.tree.grown_v1 |\n\n名称 | 类型 | 描述\n---|---|---\n";
    let html = "<html><table><tr><td>事件类型</td><td>garden.tree.grown_v1</td></tr></table>\n\
                <table><tr><td>名称<td>类型<td>描述</tr>";
    starts.push(format!("| a | b |\n| --- | --- |\n{pipes}"));
    starts.push(format!("| a | b |\n| --- | --- |\n{pipes}event | - | "));
    starts.push(html.to_owned());
    starts.push(format!("{html}<tr><td>event<td>string<td>"));
    starts.push("{\"event\": {\"type\": \"a_b\"}, \"token\": \"x\", // ".to_owned());
    for start in &starts {
        for piece in &pieces {
            let piece = piece.repeat(bytes / piece.len());
            check(format!("{start}{piece}").as_bytes());
        }
    }
}
