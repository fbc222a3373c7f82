//! `--inbox`: events survive the end of the command, however it comes.

use std::path::Path;

use serde_json::Value;

use crate::box_of::{event, platform};
use crate::program::{Program, command, command_at, ids, printed, run};

fn operate(file: &Path, args: &[&str]) -> String {
    let mut all = vec!["inbox", "--store", file.to_str().unwrap(), "--json"];
    all.extend(args);
    let output = run(command(&all));
    printed(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_is_delivered_after_a_crash_and_again_if_asked() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let path = file.to_str().unwrap();
    // Nobody reads: the events are acknowledged nevertheless, since the file has them.
    let args = ["tail", "--inbox", path, "--exec", "sleep 600"];
    let tail = Program::ready(command_at(&gateway, &args));
    for id in ["1", "2", "3"] {
        let outcome = gateway.push_and_wait(event(id)).await;
        assert!(outcome.is_acknowledged(), "{outcome}");
    }
    tail.kill();
    // It may have delivered them, and end, before it is connected.
    let args = ["tail", "--inbox", path, "--max", "3"];
    let mut tail = Program::start(command_at(&gateway, &args));
    let lines = tail.read();
    let said = tail.success();
    assert!(said.contains("3 events wait in the inbox"), "{said}");
    let events = lines.events();
    let mut delivered = ids(&events);
    delivered.sort_unstable();
    assert_eq!(delivered, ["1", "2", "3"]);

    // All of the last hour once more, in their order.
    let args = ["tail", "--inbox", path, "--since", "1h", "--max", "3"];
    let mut tail = Program::start(command_at(&gateway, &args));
    let lines = tail.read();
    tail.success();
    assert_eq!(ids(&lines.events()), ["1", "2", "3"]);
    let args = ["tail", "--inbox", path, "--since", "0s", "--for", "300ms"];
    let mut tail = Program::ready(command_at(&gateway, &args));
    let lines = tail.read();
    tail.success();
    assert_eq!(lines.all().len(), 0);
    let depth: Value = serde_json::from_str(&operate(&file, &["depth"])).unwrap();
    assert_eq!((&depth["done"], &depth["waiting"]), (&3.into(), &0.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_waits_in_the_file_and_an_operator_sees_it() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let args = [
        "tail",
        "--inbox",
        file.to_str().unwrap(),
        "--exec",
        "exit 5",
    ];
    let mut tail = Program::ready(command_at(&gateway, &args));
    assert!(gateway.push_and_wait(event("1")).await.is_acknowledged());
    tail.wait_for("the command exited with 5; it is tried again later");
    let listed = operate(&file, &["list"]);
    let listed: Value = serde_json::from_str(listed.trim()).unwrap();
    assert_eq!(listed["event_type"], "contact.user.created_v3");
    tail.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_inbox_is_refused() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "not a database, but long enough to be looked at").unwrap();
    let output = run(command_at(
        &gateway,
        &["tail", "--inbox", file.to_str().unwrap()],
    ));
    assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
    assert!(
        printed(&output).contains("notes.txt"),
        "{}",
        printed(&output)
    );
}
