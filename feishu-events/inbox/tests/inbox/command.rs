//! The operator's command, over each store.

use std::process::{Command, Output};
use std::time::Duration;

use feishu_events_inbox::{Entry, Outcome};

use crate::places::Place;
use crate::suite::{entry, request};

const PROGRAM: &str = env!("CARGO_BIN_EXE_feishu-inbox");

fn run(store: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env("FEISHU_INBOX", store);
    command.output().unwrap()
}

fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// The same on a terminal, which `script` plays; `None` where that is not installed.
fn on_a_terminal(store: &str, arguments: &str) -> Option<String> {
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command"]);
    command
        .arg(format!("{PROGRAM} {arguments}"))
        .arg("/dev/null");
    match command.env("FEISHU_INBOX", store).output() {
        Ok(output) => Some(printed(&output).replace('\r', "")),
        Err(error) => {
            println!("SKIPPED: no terminal to look at: `script`: {error}");
            None
        }
    }
}

async fn events_are_counted_listed_shown_redriven_and_purged(place: &Place) {
    let (store, url) = (place.open().await, place.url());
    let run = |arguments: &[&str]| run(&url, arguments);
    let readable = Entry {
        body: br#"{"event":{"text":"hello"}}"#.to_vec(),
        ..entry("a")
    };
    for entry in [readable, entry("b"), entry("c")] {
        store.keep(entry).await.unwrap();
    }
    let depth = run(&["depth"]);
    assert!(depth.status.success(), "{}", printed(&depth));
    let counts = printed(&depth);
    assert!(counts.starts_with(r#"{"waiting":3,"#), "{counts}");
    let lease = request(2, Duration::from_secs(60));
    for lease in store.lease(lease).await.unwrap().leases {
        store
            .begin(lease.lease, Duration::from_secs(60))
            .await
            .unwrap();
        let dead = Outcome::Dead("no luck\u{1b}[31m".to_owned());
        store.settle(lease.lease, dead).await.unwrap();
    }
    assert_eq!(run(&["depth"]).status.code(), Some(1), "for health checks");

    let list = printed(&run(&["list", "--state", "dead"]));
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains(r#""reason":"no luck"#), "{list}");
    assert!(!list.contains("body") && !list.contains("hello"), "{list}");
    let list = printed(&run(&["list", "--limit", "1", "--after", "1"]));
    assert!(list.starts_with(r#"{"id":2,"#), "{list}");
    if let Some(table) = on_a_terminal(&url, "list") {
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 1 + 3, "{table}");
        assert!(lines[0].starts_with("id  state    event type"), "{table}");
        assert!(
            lines[1].starts_with("1   dead     im.message.receive_v1  "),
            "{table}"
        );
        assert!(lines[3].starts_with("3   waiting  "), "{table}");
        // What came from outside gives a terminal no orders.
        assert!(lines[1].ends_with("no luck [31m"), "{table}");
    }

    let shown = printed(&run(&["show", "1"]));
    assert!(!shown.contains("hello"), "only on demand: {shown}");
    let shown = printed(&run(&["show", "1", "--payload"]));
    assert!(
        shown.contains(r#""payload":{"event":{"text":"hello"}}"#),
        "{shown}"
    );
    let none = run(&["show", "99"]);
    assert_eq!(none.status.code(), Some(2));
    assert_eq!(printed(&none), "error: there is no event 99\n");

    assert_eq!(printed(&run(&["redrive", "1"])), "{\"redriven\":1}\n");
    let recent = ["purge", "--state", "dead", "--since", "1h"];
    assert_eq!(printed(&run(&recent)), "{\"purged\":0}\n");
    let all = ["purge", "--state", "dead", "--all"];
    assert_eq!(printed(&run(&all)), "{\"purged\":1}\n");
    let busy = printed(&run(&["purge", "--state", "leased", "--all"]));
    assert!(busy.contains("cannot be purged"), "{busy}");
}

#[tokio::test]
async fn over_sqlite() {
    let place = Place::sqlite().await.unwrap();
    events_are_counted_listed_shown_redriven_and_purged(&place).await;
}

#[cfg(feature = "redis")]
#[tokio::test]
async fn over_redis() {
    let Some(place) = Place::redis().await else {
        return;
    };
    events_are_counted_listed_shown_redriven_and_purged(&place).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn over_postgres() {
    let Some(place) = Place::postgres().await else {
        return;
    };
    events_are_counted_listed_shown_redriven_and_purged(&place).await;
}

#[test]
fn a_mistake_is_explained_and_nothing_is_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let none = run(&format!("sqlite:{}", path.display()), &["list"]);
    let none = printed(&none);
    assert!(none.contains("there is no file"), "{none}");
    assert!(!path.exists());
    for (store, arguments, words) in [
        ("kafka://x", &["list"][..], "without a store for `kafka:`"),
        ("no-such.db", &["list"], "there is no file no-such.db"),
        ("sqlite:x", &["purge", "--state", "dead"], "required"),
        (
            "sqlite:x",
            &["redrive", "--since", "yesterday"],
            "is not a time",
        ),
        (
            "sqlite:x",
            &["redrive", "7", "--all"],
            "cannot be used with",
        ),
    ] {
        let output = run(store, arguments);
        assert_eq!(output.status.code(), Some(2), "{}", printed(&output));
        assert!(printed(&output).contains(words), "{}", printed(&output));
    }
}
