//! Which pages, from where.

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::pages::{Page, invented, real};
use crate::portal::{Fault, Portal};
use crate::real::schemas_of;
use crate::run::Place;
use crate::shared_docs;

#[tokio::test(flavor = "multi_thread")]
async fn only_events_leaves_the_other_pages_alone() {
    let paths = [
        ("/v1/tree/events/felled", "Felled", true),
        ("/v1/tree/fell", "Fell", false),
        ("/v1/tree/grown", "【事件】长大", true),
        ("/v1/tree/bot-events", "Bots", true),
        ("/v1/button-callback", "Button", true),
        ("/v1/button", "按钮回调", true),
        ("/events_v1/moon", "Moon", true),
    ];
    let pages = paths.iter().map(|(path, title, _)| Page::new(path, title));
    let portal = Portal::start(pages.collect()).await;
    let place = Place::of(&portal);
    let ended = place.fetch(&["--only-events"]).await;
    let mut wanted: Vec<&str> = paths.iter().filter(|it| it.2).map(|it| it.0).collect();
    wanted.sort_unstable();
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.paths("fetched"), wanted);

    // The others are not reported as gone: they are there, only not wanted. Who reads the folder learns
    // which files nobody keeps current.
    assert!(ended.paths("unwanted").is_empty());
    let ended = place.fetch(&[]).await;
    assert!(ended.paths("unwanted").is_empty());
    let ended = place.fetch(&["--only-events"]).await;
    assert!(ended.paths("gone").is_empty(), "{}", ended.stderr);
    assert_eq!(ended.paths("unwanted"), ["/v1/tree/fell"]);

    let portal = Portal::start(vec![Page::new("/v1/tree/fell", "Fell")]).await;
    let ended = Place::of(&portal).fetch(&["--only-events"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended
            .stderr
            .contains("lists 1 pages, but none that is wanted"),
        "{}",
        ended.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_events_finds_every_real_event_by_its_path() {
    let Some(mut pages) = real() else { return };
    // Neither names nor folders help.
    for page in &mut pages {
        page.title = "Page".to_owned();
        for folder in &mut page.under {
            *folder = folder.replace("event", "folder");
        }
    }
    let portal = Portal::start(pages).await;
    let place = Place::of(&portal);
    assert_eq!(place.fetch(&["--only-events"]).await.code, Some(0));
    let schemas = schemas_of(&place.docs(), None);
    let all = schemas_of(&shared_docs::folder("2026-03").unwrap(), None);
    assert!(all.len() > 200);
    assert!(schemas.keys().eq(all.keys()));
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_as_many_requests_at_once_as_wished() {
    for (args, jobs) in [(&[][..], 4), (&["--jobs", "1"], 1), (&["--jobs", "7"], 7)] {
        let portal = Portal::start(invented()).await;
        portal.plan(move |asked| (asked.number > 1).then_some(Fault::Together(jobs)));
        assert_eq!(Place::of(&portal).fetch(args).await.code, Some(0));
        assert_eq!(portal.most_at_once(), jobs);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_taken_from_the_environment() {
    let portal = Portal::start(invented()).await;
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let behind = portal.host.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = proxy.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            assert!(head.starts_with(b"CONNECT portal.invalid:80 "));
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            let mut server = TcpStream::connect(&behind).await.unwrap();
            tokio::spawn(async move { copy_bidirectional(&mut client, &mut server).await });
        }
    });
    let mut place = Place::of(&portal);
    "http://portal.invalid".clone_into(&mut place.portal.host);
    let ended = place.fetch_with(&[], &[("http_proxy", &address)]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(portal.requests() > 1);
    for asked in portal.log() {
        assert_eq!(asked.headers["host"], "portal.invalid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_use_is_reported_and_has_a_code_of_its_own() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    for wrong in [
        ["--jobs", "0"],
        ["--jobs", "17"],
        ["--host", "https://open.feishu.cn/document"],
        ["--lang", "zh\nX-Evil: 1"],
        ["--timeout", "never"],
    ] {
        let ended = place.fetch(&wrong).await;
        assert_eq!(ended.code, Some(2), "{wrong:?}");
        assert!(ended.stderr.contains(wrong[0]), "{}", ended.stderr);
    }
    assert_eq!(portal.requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_named() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    std::fs::write(place.docs(), "a file").unwrap();
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("docs"), "{}", ended.stderr);
    assert_eq!(portal.requests(), 0);
}
