//! What the command knows about events, and what it tells shells about itself.

use serde_json::Value;

use crate::program::{command, printed, run};

fn stdout(args: &[&str]) -> String {
    let output = run(command(args));
    assert!(output.status.success(), "{args:?}: {}", printed(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn schema_lists_events_and_shows_the_fields_of_one() {
    let all = stdout(&["schema"]);
    assert!(all.lines().count() >= 251, "{}", all.lines().count());
    assert!(all.contains("im.message.receive_v1"));
    let one = stdout(&["schema", "contact.department.updated_v3"]);
    for part in [
        "    leaders               list of object",
        "      leaderType          int             one of 1, 2",
        "protocol: 2.0",
        "document: https://open.feishu.cn/",
    ] {
        assert!(one.contains(part), "{part} is not in\n{one}");
    }
    let json = stdout(&[
        "schema",
        "contact.department.updated_v3",
        "--format",
        "json-schema",
    ]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    assert_eq!(json["x-feishu-event-type"], "contact.department.updated_v3");
}

#[test]
fn scopes_are_those_of_the_manifest() {
    let names = stdout(&["scopes", "contact.department.*", "--format", "names"]);
    assert_eq!(names, "contact:contact.base:readonly\n");
    let console = stdout(&["scopes", "contact.department.*", "--format", "console"]);
    let console: Value = serde_json::from_str(&console).unwrap();
    assert_eq!(
        console["scopes"]["tenant"][0],
        "contact:contact.base:readonly"
    );
    let part = "messages in chats with the bot";
    let only = stdout(&[
        "scopes",
        "im.message.receive_v1",
        "--only",
        part,
        "--format",
        "names",
    ]);
    assert_eq!(only, "im:message.p2p_msg:readonly\n");
    let lark = stdout(&["scopes", "drive.file.edit_v1", "--portal", "lark"]);
    assert!(lark.contains("arrives only after POST"), "{lark}");
    let output = run(command(&["scopes", "contact.departmnt.updated_v3"]));
    assert!(
        printed(&output).contains("did you mean"),
        "{}",
        printed(&output)
    );
}

#[test]
fn explain_says_which_scope_a_field_needs_and_what_arrived() {
    let event = "contact.department.updated_v3";
    let why = stdout(&["explain", event, "object.leaders.0.leaderID"]);
    assert!(why.contains("/object/leaders/-/leaderID: string"), "{why}");
    assert!(why.contains("needs any one of the scopes"), "{why}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    let json = r#"{"schema":"2.0","header":{"event_type":"contact.department.updated_v3"},
        "event":{"object":{"name":{"en":"Keepers"}}}}"#;
    std::fs::write(&file, json).unwrap();
    let why = stdout(&[
        "explain",
        event,
        "object.name",
        "--in",
        file.to_str().unwrap(),
    ]);
    assert!(why.contains("arrived as object"), "{why}");
    let output = run(command(&["explain", event, "object.nam"]));
    assert!(
        printed(&output).contains("`/object/name`"),
        "{}",
        printed(&output)
    );
}

#[test]
fn shells_get_completions_and_readers_manual_pages() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&["completions", shell]);
        for word in ["feishu-events", "tail", "refuse-others"] {
            assert!(script.contains(word), "{shell} has no {word}");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    stdout(&["man", "--out", folder.path().to_str().unwrap()]);
    let page = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(page("feishu-events-tail.1").contains(".TH"));
    assert!(page("feishu-events-tail.1").contains("refuse\\-others"));
    assert!(stdout(&["man"]).contains(".TH feishu"));
}

#[test]
fn each_command_that_is_more_than_a_word_has_examples() {
    for name in [
        "tail",
        "serve",
        "send",
        "schema",
        "scopes",
        "explain",
        "completions",
        "man",
    ] {
        let help = stdout(&[name, "--help"]);
        assert!(help.contains("Examples:"), "{name}:\n{help}");
        assert!(
            help.contains(&format!("feishu-events {name}")),
            "{name}:\n{help}"
        );
    }
}

#[test]
fn the_exit_codes_are_in_the_help() {
    let help = stdout(&["--help"]);
    for part in [
        "0 ended as asked",
        "1 a failure",
        "2 wrong usage",
        "3 credentials",
        "4 `--for`",
    ] {
        assert!(help.contains(part), "{part} is not in\n{help}");
    }
}
