//! Where events go, and that each is acknowledged only when it is there.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use feishu_events::testing::EventRequest;
use feishu_events::testing::gateway::Push;
use feishu_events::{EventType, Protocol};
use serde_json::{Value, json};

use crate::box_of::{event, event_of, platform};
use crate::program::{Program, command_at, ids, script};

#[tokio::test(flavor = "multi_thread")]
async fn events_of_both_protocols_and_callbacks_are_lines_of_json() {
    let gateway = platform().await;
    let mut tail = Program::ready(command_at(&gateway, &["tail", "--max", "5"]));
    let lines = tail.read();
    let click = event_of(EventType::CardActionTrigger, "3").set("action.value", "{\"text\": 1}");
    for push in [
        event("1"),
        event_of(EventType::LeaveApproval, "2"),
        click,
        EventRequest::from_json("acme.private_v1", Protocol::V2, json!({ "a": [1] })).event_id("4"),
    ] {
        let outcome = gateway.push_and_wait(push).await;
        assert!(outcome.is_acknowledged(), "{outcome}");
    }
    // Line breaks between values do not end a line.
    let pretty =
        "{\n\"schema\": \"2.0\",\r\n\"header\": {\"event_type\": \"x\", \"event_id\": \"5\",
        \"token\": \"not to be shown\"},\n\"event\": {\n\"text\": \"a\\nb\" }\n}";
    gateway.push_and_wait(Push::raw(pretty)).await;
    tail.success();
    let events = lines.events();
    assert_eq!(ids(&events), ["1", "2", "3", "4", "5"]);
    assert_eq!(events[1]["type"], "event_callback");
    assert_eq!(events[2]["event"]["action"]["value"], "{\"text\": 1}");
    assert_eq!(events[3]["event"], json!({ "a": [1] }));
    assert_eq!(events[4]["event"]["text"], "a\nb");
    assert!(events[4]["header"].get("token").is_none());
    assert_eq!(gateway.delivery_log().acknowledged(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn typed_adds_what_is_not_as_documented() {
    let gateway = platform().await;
    let mut tail = Program::ready(command_at(&gateway, &["tail", "--typed", "--max", "2"]));
    let lines = tail.read();
    gateway.push_and_wait(event("1")).await;
    let odd = event("2")
        .set("object.name", json!({ "en": "Ada" }))
        .set("object.shoe", 42);
    gateway.push_and_wait(odd).await;
    tail.success();
    let events = lines.events();
    assert_eq!(events[0]["typed"]["disagreements"], json!([]));
    let odd = events[1]["typed"]["disagreements"].as_array().unwrap();
    let kinds: Vec<(&Value, &Value)> = odd.iter().map(|it| (&it["path"], &it["kind"])).collect();
    assert_eq!(kinds.len(), 2, "{odd:?}");
    assert!(kinds.contains(&(&json!("/object/name"), &json!("unreadable"))));
    assert!(kinds.contains(&(&json!("/object/shoe"), &json!("undocumented"))));
    // The event itself stays as it came.
    assert_eq!(events[1]["event"]["object"]["shoe"], 42);
}

#[tokio::test(flavor = "multi_thread")]
async fn pretty_is_for_people_and_has_colours_only_on_terminals() {
    let gateway = platform().await;
    let args = ["tail", "--format", "pretty", "--max", "1"];
    let mut tail = Program::ready(command_at(&gateway, &args));
    let lines = tail.read();
    gateway.push_and_wait(event("1")).await;
    tail.success();
    let text = lines.all().join("\n");
    assert!(text.starts_with("contact.user.created_v3  "), "{text}");
    assert!(text.contains("\n    \"event\": {\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_is_a_file_and_one_that_comes_again_the_same() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/events");
    for _ in 0..2 {
        let args = ["tail", "--out", out.to_str().unwrap(), "--max", "2"];
        let tail = Program::ready(command_at(&gateway, &args));
        for id in ["1", "../2"] {
            assert!(gateway.push_and_wait(event(id)).await.is_acknowledged());
        }
        tail.success();
    }
    let mut names: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "contact.user.created_v3-%2E.%2F2.json",
        "contact.user.created_v3-1.json",
    ];
    assert_eq!(names, expected);
    let text = fs::read_to_string(out.join(&names[1])).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["header"]["event_id"], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_acknowledges_nothing() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("events");
    let args = ["tail", "--out", out.to_str().unwrap(), "--max", "1"];
    let mut tail = Program::ready(command_at(&gateway, &args));
    fs::remove_dir(&out).unwrap();
    assert!(!gateway.push_and_wait(event("1")).await.is_acknowledged());
    tail.wait_for("the platform sends it again");
    fs::create_dir(&out).unwrap();
    gateway.wait_idle().await;
    assert_eq!(gateway.delivery_log().lost(), 0);
    tail.success();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_gets_the_event_and_its_exit_code_decides() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let seen = folder.path().join("seen");
    let seen = seen.display();
    // It fails the first time for each event.
    let command = script(
        folder.path(),
        &format!(
            "read line; echo \"$FEISHU_EVENT_TYPE $FEISHU_EVENT_ID $line\" >> {seen}; \
             test -e {seen}.$FEISHU_EVENT_ID || {{ touch {seen}.$FEISHU_EVENT_ID; exit 3; }}"
        ),
    );
    let args = ["tail", "--exec", &command, "--max", "2"];
    let tail = Program::ready(command_at(&gateway, &args));
    for id in ["a", "b"] {
        let outcome = gateway.push_and_wait(event(id)).await;
        assert!(!outcome.is_acknowledged(), "{outcome}");
    }
    gateway.wait_idle().await;
    let said = tail.success();
    assert!(
        said.contains("(event a): the command exited with 3"),
        "{said}"
    );
    let log = gateway.delivery_log();
    assert_eq!((log.acknowledged(), log.lost()), (2, 0), "{log}");
    let text = fs::read_to_string(folder.path().join("seen")).unwrap();
    let runs: Vec<&str> = text.lines().filter(|it| it.contains(" a {")).collect();
    assert_eq!(runs.len(), 2, "{text}");
    let line = runs[0].strip_prefix("contact.user.created_v3 a ").unwrap();
    let json: Value = serde_json::from_str(line).unwrap();
    assert_eq!(json["header"]["event_id"], "a");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_hangs_is_stopped_with_all_that_it_started() {
    let gateway = platform().await;
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let command = script(
        folder.path(),
        &format!("sleep 600 & echo $! > {}; wait", pid.display()),
    );
    let args = ["tail", "--exec", &command, "--timeout", "300ms"];
    let mut tail = Program::ready(command_at(&gateway, &args));
    assert!(!gateway.push_and_wait(event("a")).await.is_acknowledged());
    tail.wait_for("was not done after 300ms, and was stopped");
    let pid: i32 = fs::read_to_string(&pid).unwrap().trim().parse().unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    // A process that was stopped is gone as soon as its parent has noticed.
    while rustix::process::test_kill_process(pid).is_ok() && !is_zombie(pid) {
        tokio::task::yield_now().await;
    }
    tail.kill();
}

#[cfg(unix)]
fn is_zombie(pid: rustix::process::Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
    stat.map_or(true, |stat| stat.contains(") Z"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_decides_with_its_status() {
    let gateway = platform().await;
    let (url, requests) = server(&["500 No", "302 Moved", "204 Yes"]);
    let args = ["tail", "--forward", &url, "--max", "1"];
    let tail = Program::ready(command_at(&gateway, &args));
    gateway.push(event("a"));
    gateway.wait_idle().await;
    let said = tail.success();
    assert!(
        said.contains("answered 500; the platform sends it again"),
        "{said}"
    );
    assert!(
        said.contains("answered 302"),
        "a redirect is not followed: {said}"
    );
    assert!(!said.contains("hunter2"), "{said}");
    let log = gateway.delivery_log();
    assert_eq!((log.acknowledged(), log.lost()), (1, 0), "{log}");
    let request = requests.recv().unwrap();
    assert!(
        request.contains("x-feishu-event-type: contact.user.created_v3"),
        "{request}"
    );
    assert!(
        request.contains("content-type: application/json"),
        "{request}"
    );
    let (_, body) = request.split_once("\r\n\r\n").unwrap();
    let json: Value = serde_json::from_str(body).unwrap();
    assert_eq!(json["header"]["event_id"], "a");
}

/// A server that gives these answers, one after the other, and the requests to it. Its URL has a
/// password.
fn server(answers: &'static [&'static str]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://user:hunter2@{}/hook?k=hunter2",
        listener.local_addr().unwrap()
    );
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut bytes = [0; 4096];
            loop {
                let read = stream.read(&mut bytes).unwrap();
                request.extend_from_slice(&bytes[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let length = text
                    .to_ascii_lowercase()
                    .split_once("content-length: ")
                    .and_then(|(_, rest)| rest.split("\r\n").next()?.parse::<usize>().ok());
                let body = text.split_once("\r\n\r\n").map(|(_, body)| body.len());
                if body.is_some() && body >= length {
                    drop(sender.send(text));
                    break;
                }
            }
            let answer =
                format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, receiver)
}
