//! `serve`: what a webhook must do, and `send`, which plays the platform for it.

use std::process::Output;

use serde_json::Value;

use crate::program::{Program, command, ids, printed, run};

const KEY: &str = "hunter2-key";

struct Server {
    program: Program,
    url: String,
}

/// A running server with these further arguments, at a free port.
fn serve(args: &[&str]) -> Server {
    let mut all = vec!["serve", "--port", "0", "--json"];
    all.extend(args);
    let mut command = command(&all);
    command
        .env("FEISHU_ENCRYPT_KEY", KEY)
        .env("FEISHU_VERIFICATION_TOKEN", "hunter2-token");
    let mut program = Program::start(command);
    let ready: Value = serde_json::from_str(&program.wait_for("ready")).unwrap();
    let url = format!("http://{}", ready["address"].as_str().unwrap());
    Server { program, url }
}

fn send_with(key: &str, args: &[&str]) -> Output {
    let mut all = vec!["send"];
    all.extend(args);
    let mut command = command(&all);
    command
        .env("FEISHU_ENCRYPT_KEY", key)
        .env("FEISHU_VERIFICATION_TOKEN", "hunter2-token");
    run(command)
}

fn send(args: &[&str]) -> Output {
    send_with(KEY, args)
}

#[test]
fn challenges_are_answered_and_signed_events_printed() {
    let mut server = serve(&["--max", "2", "--path", "/feishu", "--old-cards", "/cards"]);
    let lines = server.program.read();
    let to = format!("{}/feishu", server.url);
    let challenge = send(&["--challenge", "--to", &to]);
    assert!(challenge.status.success(), "{}", printed(&challenge));
    let event = ["contact.user.created_v3", "--event-id", "1", "--to", &to];
    let sent = send(&event);
    assert!(sent.status.success(), "{}", printed(&sent));
    // The same once more is acknowledged, and printed once.
    assert!(send(&event).status.success());
    let wrong = send_with("another-key", &event);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(printed(&wrong).contains("401"), "{}", printed(&wrong));
    let elsewhere = send(&["contact.user.created_v3", "--to", &server.url]);
    assert!(
        printed(&elsewhere).contains("404"),
        "{}",
        printed(&elsewhere)
    );
    let cards = format!("{}/cards", server.url);
    let card = send(&["card.action.trigger_v1", "--to", &cards]);
    assert!(card.status.success(), "{}", printed(&card));
    let said = server.program.success();
    assert!(!said.contains("hunter2"), "{said}");
    let events = lines.events();
    assert_eq!(events.len(), 2);
    assert_eq!(ids(&events)[0], "1");
}

#[test]
fn an_event_that_was_not_delivered_is_answered_with_a_failure() {
    let server = serve(&["--exec", "exit 7"]);
    let sent = send(&["contact.user.created_v3", "--to", &server.url]);
    assert_eq!(sent.status.code(), Some(1));
    assert!(printed(&sent).contains("500"), "{}", printed(&sent));
    server.program.kill();
}

#[test]
fn events_can_be_kept_and_delivered_later() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.db");
    let file = file.to_str().unwrap();
    let failing = serve(&["--inbox", file, "--exec", "false"]);
    let sent = send(&[
        "contact.user.created_v3",
        "--event-id",
        "kept",
        "--to",
        &failing.url,
    ]);
    assert!(sent.status.success(), "it is kept: {}", printed(&sent));
    failing.program.kill();
    let mut working = serve(&["--inbox", file, "--max", "1"]);
    let lines = working.program.read();
    working.program.success();
    assert_eq!(ids(&lines.events()), ["kept"]);
}

#[test]
fn without_secrets_it_must_be_told_to_accept_anything() {
    let mut command = command(&["serve", "--port", "0", "--insecure", "--max", "1"]);
    command.env_remove("FEISHU_ENCRYPT_KEY");
    let mut program = Program::start(command);
    let lines = program.read();
    let ready = program.wait_for("ready");
    let (_, url) = ready.rsplit_once(' ').unwrap();
    let sent = send_with("", &["contact.user.created_v3", "--to", url]);
    assert!(sent.status.success(), "{}", printed(&sent));
    program.success();
    assert_eq!(lines.all().len(), 1);
}
