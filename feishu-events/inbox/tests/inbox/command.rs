//! The operator's command.

use std::process::{Command, Output};
use std::time::Duration;

use feishu_events_inbox::{InboxStore as _, Outcome, SqliteStore};

use crate::suite::{entry, request};

fn run(store: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_feishu-inbox"));
    command.args(arguments).env("FEISHU_INBOX", store);
    command.output().unwrap()
}

fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

#[tokio::test]
async fn events_are_counted_listed_shown_redriven_and_purged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let store = SqliteStore::open(&path).unwrap();
    let url = format!("sqlite:{}", path.display());
    for key in ["a", "b", "c"] {
        store.keep(entry(key)).await.unwrap();
    }
    let depth = run(&url, &["depth"]);
    assert!(depth.status.success());
    assert!(
        printed(&depth).starts_with(r#"{"waiting":3,"#),
        "{}",
        printed(&depth)
    );
    let leases = store
        .lease(request(2, Duration::from_secs(60)))
        .await
        .unwrap();
    for lease in leases.leases {
        let dead = Outcome::Dead("no luck".to_owned());
        store.settle(lease.lease, dead).await.unwrap();
    }
    assert_eq!(
        run(&url, &["depth"]).status.code(),
        Some(1),
        "for health checks"
    );

    let list = printed(&run(&url, &["list", "--state", "dead"]));
    assert_eq!(list.lines().count(), 2);
    assert!(list.contains(r#""reason":"no luck""#), "{list}");
    assert!(!list.contains("body"), "{list}");
    let list = printed(&run(&url, &["list", "--limit", "1", "--after", "1"]));
    assert!(list.starts_with(r#"{"id":2,"#), "{list}");

    let body = String::from_utf8(entry("a").body).unwrap();
    store.keep(entry("json")).await.unwrap();
    let shown = printed(&run(&url, &["show", "1"]));
    assert!(!shown.contains("payload"), "only on demand: {shown}");
    assert!(body.contains("body"));
    let none = run(&url, &["show", "99"]);
    assert_eq!(none.status.code(), Some(2));
    assert_eq!(printed(&none), "error: there is no event 99\n");

    assert_eq!(printed(&run(&url, &["redrive", "1"])), "{\"redriven\":1}\n");
    assert_eq!(
        printed(&run(&url, &["purge", "--state", "dead", "--since", "1h"])),
        "{\"purged\":0}\n"
    );
    assert_eq!(
        printed(&run(&url, &["purge", "--state", "dead", "--all"])),
        "{\"purged\":1}\n"
    );
    let busy = run(&url, &["purge", "--state", "leased", "--all"]);
    assert!(
        printed(&busy).contains("cannot be purged"),
        "{}",
        printed(&busy)
    );
}

#[test]
fn a_mistake_is_explained_and_nothing_is_created() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let none = run(&format!("sqlite:{}", path.display()), &["list"]);
    assert!(
        printed(&none).contains("there is no file"),
        "{}",
        printed(&none)
    );
    assert!(!path.exists());
    for (store, arguments, words) in [
        ("kafka://x", &["list"][..], "without a store for `kafka:`"),
        ("inbox.db", &["list"], "sqlite:inbox.db"),
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
