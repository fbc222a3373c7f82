//! `cargo xtask regen --fetch` against both portals, which a server on this machine plays: it is the proxy
//! that the command is given, and answers for either host.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]
#![allow(dead_code, reason = "other tests use the rest of the helpers")]

mod edits;
mod project;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use edits::invented::Page;
use feishu_events_gen::internals::schema::EventSchema;
use project::Project;
use serde_json::{Value, json};

const FEISHU: &str = "open.feishu.cn";
const LARK: &str = "open.larksuite.com";

/// The pages of both portals, by host.
type Portals = Arc<Vec<(&'static str, Vec<Page>)>>;

/// Where the portal has a page.
fn path(page: &Page) -> String {
    format!("/portal/pond-v1/events/{}", page.event)
}

/// The milliseconds at which a page was changed.
fn updated(page: &Page) -> String {
    let lark = page.day > "2026-03-31";
    if lark {
        "1775001600000"
    } else {
        "1772323200000"
    }
    .to_owned()
}

fn directory(pages: &[Page]) -> Value {
    let nodes = pages.iter().map(|page| {
        json!({"id": "1", "parentId": "0", "name": page.title, "type": "DocumentType",
            "fullPath": path(page), "updateTime": updated(page), "items": null})
    });
    let nodes: Vec<Value> = nodes.collect();
    json!({"items": [{"id": "0", "name": "事件", "type": "DirectoryType", "fullPath": "/portal",
        "updateTime": 0, "items": nodes}]})
}

fn detail(page: &Page) -> Value {
    let text = page.text();
    let content = text.splitn(3, "---\n").nth(2).unwrap();
    json!({"id": "1", "directoryId": "0", "fullPath": path(page), "type": "DocumentType",
        "title": page.title, "name": page.title, "updateTime": updated(page), "content": content})
}

/// Answers on one connection.
fn answer(stream: TcpStream, portals: &Portals) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut first = String::new();
        let mut host = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("host")
            {
                value.trim().trim_end_matches(":80").clone_into(&mut host);
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut words = first.split(' ');
        let (method, target) = (words.next().unwrap(), words.next().unwrap_or_default());
        if method == "CONNECT" {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            continue;
        }
        let (_, pages) = portals.iter().find(|(name, _)| *name == host).unwrap();
        let asked = |page: &&Page| {
            let encoded = path(page).replace('/', "%2F");
            target.contains(&format!("fullPath={encoded}"))
        };
        let data = if target.contains("directory_list") {
            Some(directory(pages))
        } else {
            pages.iter().find(asked).map(detail)
        };
        let body = json!({"code": 0, "msg": "", "data": data}).to_string();
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
    }
}

/// Starts the server; gives its address.
fn serve(portals: Portals) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let portals = portals.clone();
            thread::spawn(move || answer(stream, &portals));
        }
    });
    address
}

/// Runs `regen --fetch` of a host.
fn regen(project: &Project, proxy: &str, host: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command
        .args([
            "regen",
            "--fetch",
            "--host",
            &format!("http://{host}"),
            "--root",
        ])
        .arg(project.root())
        .env("ALL_PROXY", proxy)
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
}

fn feishu() -> Vec<Page> {
    vec![
        Page::new(
            "pond.duck.landed_v1",
            "鸭子落水",
            &["1duck_id:string", "1depth:int"],
        ),
        Page::new("pond.frog.leapt_v1", "青蛙跳", &["1frog_id:string"]),
    ]
}

fn lark() -> Vec<Page> {
    let mut duck = Page::new(
        "pond.duck.landed_v1",
        "鸭子降落",
        &["1duck_id:string", "1wind:int"],
    );
    duck.day = "2026-04-01";
    duck.scopes = vec!["pond:pond"];
    let mut toad = Page::new("pond.toad.sang_v1", "蟾蜍唱歌", &["1toad_id:string"]);
    toad.day = "2026-04-01";
    vec![duck, toad]
}

fn schema(project: &Project, file: &str) -> EventSchema {
    EventSchema::from_json(&project.read(&format!("project/schemas/pond/{file}.json"))).unwrap()
}

/// Lark's pages are merged: Feishu's facts stay as they are, in any order of runs.
#[test]
fn pages_of_lark_are_merged_into_what_feishu_says() {
    let proxy = serve(Arc::new(vec![(FEISHU, feishu()), (LARK, lark())]));
    let project = Project::ready();
    regen(&project, &proxy, FEISHU);
    project.commit();
    let (duck, frog) = (
        schema(&project, "duck.landed_v1"),
        schema(&project, "frog.leapt_v1"),
    );
    assert!(duck.lark.is_none());

    regen(&project, &proxy, LARK);
    assert!(project.root().join("docs/lark").is_dir());
    let mut merged = schema(&project, "duck.landed_v1");
    let said = merged.lark.take().unwrap();
    assert_eq!(merged, duck);
    assert_eq!(said.scopes.as_deref(), Some(&["pond:pond".to_owned()][..]));
    assert_eq!(said.without, ["event.depth"]);
    assert_eq!(said.fields.len(), 1);
    assert_eq!(
        said.document.unwrap().updated.as_deref(),
        Some("2026-04-01")
    );
    // That Lark's portal lacks a page says nothing of Feishu's; an event that only Lark's has is there.
    assert_eq!(schema(&project, "frog.leapt_v1"), frog);
    assert!(schema(&project, "toad.sang_v1").lark.unwrap().only);
    project.commit();

    for host in [FEISHU, LARK] {
        regen(&project, &proxy, host);
        let schemas: Vec<String> = project.changed();
        let schemas = schemas
            .into_iter()
            .filter(|file| file.starts_with("schemas/"));
        assert_eq!(schemas.collect::<Vec<_>>(), Vec::<String>::new(), "{host}");
    }
    let toad = fs::read_to_string(project.root().join("schemas/pond/toad.sang_v1.json")).unwrap();
    assert!(!toad.contains("missing_since"), "{toad}");
}
