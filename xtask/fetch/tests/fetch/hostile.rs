//! What the portal says is not trusted.

use crate::pages::{Page, invented};
use crate::portal::{Fault, Portal, What};
use crate::run::Place;

#[tokio::test(flavor = "multi_thread")]
async fn no_path_of_the_portal_leads_out_of_the_folder() {
    let paths = [
        "/../escaped",
        "/../../../../../../tmp/escaped",
        "//tmp/escaped",
        "/a/../../escaped",
        "/..\\..\\escaped",
        "/C:/escaped",
        "/a\0b",
        "/a\nb\u{1b}[2J",
        "/.git/hooks/pre-commit",
        "/x.md",
        "/x.md/y",
        "/x",
        "/x/y?fullPath=/z",
    ];
    let refused = [
        "../escaped".to_owned(),
        "escaped".to_owned(),
        format!("/{}", "long".repeat(100)),
        "/deep".repeat(1000),
    ];
    let pages = paths
        .iter()
        .copied()
        .chain(refused.iter().map(String::as_str));
    let portal = Portal::start(pages.map(|path| Page::new(path, "Escape")).collect()).await;
    let place = Place::of(&portal);
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.paths("failed").len(), refused.len());
    assert_eq!(place.beside(), ["docs", "report.json"]);
    let files = place.files();
    assert_eq!(files.len(), paths.len(), "each page has a file of its own");
    for path in paths {
        let end = format!("\n# Escape\n\nText of `{path}`.\n");
        assert!(files.values().any(|text| text.ends_with(&end)), "{path}");
    }
    let controls = |c: char| c.is_control() && c != '\n';
    assert!(!ended.stderr.contains(controls), "{}", ended.stderr);

    portal.heal();
    let again = place.fetch(&[]).await;
    assert_eq!(portal.requests(), 1, "{}", again.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_the_portal_cannot_forge_the_head_of_a_file() {
    let mut page = Page::new(
        "/a",
        "A\"\n---\nurl: \"http://elsewhere/document/b\"\nx: \"",
    );
    page.own_path = "/a\n---".to_owned();
    let portal = Portal::start(vec![page]).await;
    let place = Place::of(&portal);
    assert_eq!(place.fetch(&[]).await.code, Some(0));
    let files = place.files();
    let text = files.values().next().unwrap();
    let (head, _) = text
        .strip_prefix("---\n")
        .unwrap()
        .split_once("\n---\n")
        .unwrap();
    assert_eq!(head.lines().count(), 8, "{head}");
    assert!(head.contains(&format!("\nurl: \"{}/document/a\"\n", place.portal.host)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_that_is_none_changes_nothing() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let before = place.files();
    for (fault, why) in [
        (Fault::Code, "code 99991"),
        (Fault::OtherJson, "it has no `code`"),
        (Fault::Html, "not JSON"),
        (Fault::Endless, "more than 67108864 bytes"),
        (Fault::Empty, "the directory lists"),
    ] {
        portal.plan(move |_| Some(fault.clone()));
        let ended = place.fetch(&["--tries", "2"]).await;
        assert_eq!(ended.code, Some(1));
        // Long messages are wrapped.
        let stderr = ended.stderr.replace("\n  │ ", " ");
        assert!(stderr.contains(why), "{why}: {stderr}");
        assert!(
            ended.report.is_null(),
            "nor is there the report of another run"
        );
        assert!(place.files() == before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_points_elsewhere_is_reported_and_not_a_failure() {
    let mut pages = invented();
    pages[0].content = String::new();
    pages[0].redirect = Some("/portal/elsewhere".to_owned());
    let path = pages[0].path.clone();
    let portal = Portal::start(pages).await;
    let ended = Place::of(&portal).fetch(&[]).await;
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.paths("elsewhere"), [&*path]);
    assert!(ended.report["elsewhere"][0]["file"].is_null());
    let line = format!("no page of its own: {path} points to /portal/elsewhere\n");
    assert!(ended.stderr.contains(&line), "{}", ended.stderr);
    let asked = portal.log().into_iter().map(|asked| asked.what);
    assert_eq!(
        asked
            .filter(|what| *what == What::Newer(path.clone()))
            .count(),
        1
    );
}
