//! How the command ends, with which exit code, and that nothing is lost by it.

use feishu_events::testing::gateway::{ConnectRefusal, Gateway};
use serde_json::Value;

use crate::box_of::{event, platform};
use crate::program::{Program, command, command_at, ids, printed, run};

#[tokio::test(flavor = "multi_thread")]
async fn max_takes_so_many_and_leaves_the_rest_to_the_platform() {
    let gateway = platform().await;
    let mut tail = Program::ready(command_at(&gateway, &["tail", "--max", "3"]));
    let lines = tail.read();
    for id in 0..10 {
        gateway.push(event(id));
    }
    tail.success();
    let printed = lines.events();
    assert_eq!(printed.len(), 3);
    assert_eq!(gateway.delivery_log().acknowledged(), 3);
    // Another one gets the others.
    let mut tail = Program::ready(command_at(&gateway, &["tail", "--max", "7"]));
    let lines = tail.read();
    tail.success();
    let rest = lines.events();
    let mut all = ids(&printed);
    all.extend(ids(&rest));
    all.sort_unstable();
    assert_eq!(all, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn time_ends_it_and_too_few_events_are_an_exit_code() {
    let gateway = platform().await;
    let output = run(command_at(&gateway, &["tail", "--for", "50ms"]));
    assert_eq!(output.status.code(), Some(0), "{}", printed(&output));
    let output = run(command_at(
        &gateway,
        &["tail", "--for", "50ms", "--max", "2", "--json"],
    ));
    assert_eq!(output.status.code(), Some(4), "{}", printed(&output));
    let said = String::from_utf8(output.stderr).unwrap();
    let last: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(last["error"], "too_few_events");
    assert_eq!(last["exit_code"], 4);
    assert_eq!(last["message"], "0 of 2 events came in the time of --for");
}

#[test]
fn wrong_usage_is_an_exit_code() {
    for args in [
        &["tail", "--max", "0"][..],
        &["tail", "--since", "1h"],
        &["tail", "--out", "a", "--exec", "b"],
        &["tail", "--jobs", "3"],
        &["tail", "--for", "soon"],
        &["tail", "--inbox", "a", "--refuse-others"],
        &["tail", "--forward", "localhost:80"],
        &["serve", "--path", "feishu"],
        &["schema", "no.such.event_v1"],
        &["explain", "contact.user.created_v3", "object.nam"],
        &["nonsense"],
    ] {
        let output = run(command(args));
        assert_eq!(
            output.status.code(),
            Some(2),
            "{args:?}: {}",
            printed(&output)
        );
        let mut json = args.to_vec();
        json.push("--json");
        let output = run(command(&json));
        let said = String::from_utf8(output.stderr).unwrap();
        let error: Value = serde_json::from_str(&said).expect("one line of JSON");
        assert_eq!(
            (&error["error"], &error["exit_code"]),
            (&"usage".into(), &2.into())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_and_refused_credentials_are_an_exit_code() {
    let output = run(command(&["tail"]));
    assert_eq!(output.status.code(), Some(3));
    assert!(printed(&output).contains("FEISHU_APP_ID is not set"));
    let output = run(command(&["serve", "--port", "0"]));
    assert_eq!(output.status.code(), Some(3));
    assert!(printed(&output).contains("FEISHU_ENCRYPT_KEY"));
    let gateway = platform().await;
    let mut wrong = command_at(&gateway, &["tail"]);
    wrong.env("FEISHU_APP_SECRET", "another-secret");
    let output = run(wrong);
    assert_eq!(output.status.code(), Some(3), "{}", printed(&output));
    assert!(!printed(&output).contains("another-secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_is_opened_again() {
    let gateway = platform().await;
    let mut tail = Program::ready(command_at(&gateway, &["tail", "--max", "1"]));
    let lines = tail.read();
    gateway.refuse(ConnectRefusal::internal_error());
    gateway.drop_connections();
    tail.wait_for("the connection ended");
    tail.wait_for("connected again");
    gateway.push(event("1"));
    tail.success();
    assert_eq!(ids(&lines.events()), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_client_of_the_app_is_warned_of() {
    let gateway = platform().await;
    let first = Program::ready(command_at(&gateway, &["tail"]));
    let second = run(command_at(&gateway, &["tail", "--for", "500ms"]));
    let said = printed(&second);
    assert!(
        said.contains("1 other connection(s) of this app are open"),
        "{said}"
    );
    first.kill();
    // Alone, it says nothing of it.
    while gateway.connections() > 0 {
        tokio::task::yield_now().await;
    }
    let alone = printed(&run(command_at(&gateway, &["tail", "--for", "500ms"])));
    assert!(!alone.contains("other connection"), "{alone}");
}

#[cfg(unix)]
mod on_unix {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};

    use rustix::process::Signal;

    use super::*;
    use crate::program::script;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_signal_lets_running_commands_finish() {
        let gateway = platform().await;
        for signal in [Signal::INT, Signal::TERM] {
            let folder = tempfile::tempdir().unwrap();
            let begun = folder.path().join("begun");
            let go_on = folder.path().join("go-on");
            let command = script(
                folder.path(),
                &format!(
                    "touch {}; while ! test -e {}; do sleep 0.05; done",
                    begun.display(),
                    go_on.display()
                ),
            );
            let tail = Program::ready(command_at(&gateway, &["tail", "--exec", &command]));
            gateway.push(event(format!("{signal:?}")));
            while !begun.exists() {
                tokio::task::yield_now().await;
            }
            tail.signal(signal);
            std::fs::write(&go_on, "").unwrap();
            tail.success();
        }
        let log = gateway.delivery_log();
        assert_eq!((log.acknowledged(), log.deliveries()), (2, 2), "{log}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_second_signal_does_not_wait_and_what_was_running_comes_again() {
        let gateway = platform().await;
        let folder = tempfile::tempdir().unwrap();
        let begun = folder.path().join("begun");
        let hang = format!("touch {}; sleep 600", begun.display());
        let mut tail = Program::ready(command_at(&gateway, &["tail", "--exec", &hang]));
        gateway.push(event("1"));
        while !begun.exists() {
            tokio::task::yield_now().await;
        }
        tail.signal(Signal::INT);
        tail.wait_for("once more to end at once");
        tail.signal(Signal::INT);
        let (status, said) = tail.end();
        assert_eq!(status.code(), Some(130), "{said}");
        assert_eq!(gateway.delivery_log().acknowledged(), 0);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_reader_that_has_seen_enough_ends_it_quietly() {
        let gateway = platform().await;
        let mut tail = Program::ready(command_at(&gateway, &["tail"]));
        let mut stdout = BufReader::new(tail.stdout());
        let mut line = String::new();
        assert!(gateway.push_and_wait(event("1")).await.is_acknowledged());
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains("\"1\""), "{line}");
        drop(stdout);
        // Without another event: it need not fail to write to notice.
        let said = tail.success();
        assert_eq!(said.lines().count(), 1, "only that it was ready: {said}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_nobody_read_is_not_acknowledged() {
        let gateway = platform().await;
        let mut tail = Program::ready(command_at(&gateway, &["tail"]));
        drop(tail.stdout());
        gateway.push(event("unread"));
        tail.success();
        assert_eq!(gateway.delivery_log().acknowledged(), 0);
        let mut tail = Program::ready(command_at(&gateway, &["tail", "--max", "1"]));
        let lines = tail.read();
        tail.success();
        assert_eq!(ids(&lines.events()), ["unread"]);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn head_takes_its_line_and_the_shell_sees_no_failure() {
        let gateway = platform().await;
        let pipe = format!(
            "set -o pipefail; {} tail 2>/dev/null | head -n 1",
            env!("CARGO_BIN_EXE_feishu-events")
        );
        let template = command_at(&gateway, &[]);
        let mut shell = Command::new("bash");
        for (name, value) in template.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        let mut shell = shell
            .args(["-c", &pipe])
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a bash");
        gateway.connected(1).await;
        gateway.push(event("1"));
        let mut text = String::new();
        shell
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert!(shell.wait().unwrap().success());
        assert_eq!(text.lines().count(), 1, "{text}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_output_that_cannot_be_written_is_a_failure_and_nothing_is_acknowledged() {
        if !std::path::Path::new("/dev/full").exists() {
            eprintln!("SKIPPED: there is no /dev/full here");
            return;
        }
        let gateway: Gateway = platform().await;
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let mut tail = command_at(&gateway, &["tail"]);
        let running = tail.stdout(full).stderr(Stdio::piped()).spawn().unwrap();
        gateway.connected(1).await;
        gateway.push(event("1"));
        let output = running.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
        assert!(
            printed(&output).contains("the output cannot be written"),
            "{}",
            printed(&output)
        );
        assert_eq!(gateway.delivery_log().acknowledged(), 0);
    }
}
