//! Failed requests are retried; those that keep failing are reported.

use std::time::{Duration, SystemTime};

use crate::pages::{Page, invented};
use crate::portal::{Asked, Fault, Portal, What};
use crate::run::Place;

/// Every fault that may pass.
fn passing() -> Vec<Fault> {
    vec![
        Fault::Status(429),
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(404),
        Fault::Wait("0".to_owned()),
        Fault::Code,
        Fault::Empty,
        Fault::CutOff,
        Fault::HalfJson,
        Fault::Html,
        Fault::OtherJson,
        Fault::Silence,
        Fault::Stall,
    ]
}

/// The path, if the request is for a page.
fn page(asked: &Asked) -> Option<&str> {
    match &asked.what {
        What::Newer(path) | What::Older(path) => Some(path),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_passes_when_it_is_tried_again() {
    let portal = Portal::start(invented()).await;
    let clean = Place::of(&portal);
    assert_eq!(clean.fetch(&[]).await.code, Some(0));
    for fault in passing() {
        let name = format!("{fault:?}");
        let place = Place::of(&portal);
        let slow = matches!(fault, Fault::Silence | Fault::Stall);
        let args = ["--jobs", "1", "--timeout", if slow { "3" } else { "60" }];
        // The directory's first answer and that of the first page.
        portal.plan(move |asked| matches!(asked.number, 1 | 3).then(|| fault.clone()));
        let ended = place.fetch(&args).await;
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.stderr);
        assert!(place.files() == clean.files(), "{name}");
        let pages = place.files().len();
        assert_eq!(portal.requests(), 1 + pages + 2, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_stays_is_named_and_the_rest_is_kept() {
    let mut pages = invented();
    let reasons = [
        (
            Fault::Status(429),
            "HTTP 429 Too Many Requests (tried 3 times)",
        ),
        (
            Fault::Status(500),
            "HTTP 500 Internal Server Error (tried 3 times)",
        ),
        (
            Fault::Wait("86400".to_owned()),
            "HTTP 429 Too Many Requests; the portal asks to wait 86400 s",
        ),
        (
            Fault::Code,
            "the portal answered with code 99991: [31mbusy (tried 3 times)",
        ),
        (Fault::Empty, "the page has no text (tried 3 times)"),
        (Fault::CutOff, "(tried 3 times)"),
        (Fault::HalfJson, "the answer is not JSON: EOF while parsing"),
        (
            Fault::Html,
            "it starts with `<html>Sign in</html>` (tried 3 times)",
        ),
        (
            Fault::OtherJson,
            "the answer does not have the form of the API: it has no `code` (tried 3 times)",
        ),
        (Fault::Silence, "no answer in time (tried 3 times)"),
        (Fault::Stall, "no answer in time (tried 3 times)"),
        (Fault::Endless, "the answer has more than 8388608 bytes"),
    ];
    let bad = |at: usize| format!("/bad/{at}");
    pages.extend((0..reasons.len()).map(|at| Page::new(&bad(at), &format!("Bad {at}"))));
    let good = pages.len() - reasons.len();
    let portal = Portal::start(pages).await;
    let faults = reasons.clone().map(|(fault, _)| fault);
    portal.plan(move |asked| {
        let at = page(asked)?.strip_prefix("/bad/")?;
        Some(faults[at.parse::<usize>().unwrap()].clone())
    });
    let place = Place::of(&portal);
    let ended = place.fetch(&["--tries", "3", "--timeout", "3"]).await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(place.files().len(), good);
    for (at, (fault, reason)) in reasons.iter().enumerate() {
        let start = format!("failed: /bad/{at} (Bad {at}): ");
        let line = ended.stderr.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("{fault:?}: {}", ended.stderr));
        assert!(line.contains(reason), "{fault:?}: {line}");
        assert!(!line.contains(char::is_control), "{line}");
        let lasting = matches!(fault, Fault::Empty | Fault::Endless);
        assert_eq!(line.contains("; it will fail again"), lasting, "{line}");
        let failed = ended.report["failed"].as_array().unwrap();
        let path = bad(at);
        let entry = failed.iter().find(|page| page["path"] == *path).unwrap();
        assert_eq!(entry["lasting"], lasting, "{entry}");
    }
    let requests = portal.requests();
    assert_eq!(
        ended.numbers(),
        format!(
            "{} pages: {good} fetched, 0 unchanged, 12 failed, 0 gone ({requests} requests)",
            good + 12
        )
    );
    assert_eq!(ended.paths("failed").len(), 12);

    // The next run asks for just what is missing.
    portal.heal();
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(portal.requests(), 1 + 12);
}

/// An event whose page is absent may be withdrawn; one whose page failed is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_absent_only_if_no_form_of_the_api_has_it() {
    let mut pages = invented();
    pages.extend(["/bad/absent", "/bad/older", "/bad/busy"].map(|path| Page::new(path, "Bad")));
    let portal = Portal::start(pages).await;
    portal.plan(|asked| match &asked.what {
        What::Newer(path) | What::Older(path) if path == "/bad/absent" => Some(Fault::Status(404)),
        // It has no text; the older form of the API, which is asked last, is switched off.
        What::Newer(path) if path == "/bad/older" => Some(Fault::Empty),
        What::Older(path) if path == "/bad/older" => Some(Fault::Status(404)),
        What::Newer(path) | What::Older(path) if path == "/bad/busy" => Some(Fault::Status(502)),
        _ => None,
    });
    let ended = Place::of(&portal).fetch(&["--tries", "2"]).await;
    let failed = ended.report["failed"].as_array().unwrap();
    let mut absent: Vec<_> = failed
        .iter()
        .map(|page| (page["path"].as_str().unwrap(), page["absent"].as_bool()))
        .collect();
    absent.sort_unstable();
    let expected = [
        ("/bad/absent", Some(true)),
        ("/bad/busy", Some(false)),
        ("/bad/older", Some(false)),
    ];
    assert_eq!(absent, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portals_wish_for_a_pause_is_granted() {
    let portal = Portal::start(invented()).await;
    portal.plan(|asked| (asked.number == 3).then(|| Fault::Wait("1".to_owned())));
    assert_eq!(
        Place::of(&portal).fetch(&["--jobs", "1"]).await.code,
        Some(0)
    );
    let log = portal.log();
    let waited = log[3].at.duration_since(log[2].at).unwrap();
    assert!(waited >= Duration::from_secs(1), "{waited:?}");

    let date = SystemTime::now() + Duration::from_secs(3);
    let wish = httpdate::fmt_http_date(date);
    let date = httpdate::parse_http_date(&wish).unwrap();
    portal.plan(move |asked| (asked.number == 3).then(|| Fault::Wait(wish.clone())));
    assert_eq!(
        Place::of(&portal).fetch(&["--jobs", "1"]).await.code,
        Some(0)
    );
    assert!(portal.log()[3].at >= date);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_forms_of_the_detail_api_are_understood() {
    let portal = Portal::start(invented()).await;
    let clean = Place::of(&portal);
    assert_eq!(clean.fetch(&[]).await.code, Some(0));
    let pages = clean.files().len();

    // The older form's answer at the newer form's address.
    portal.plan(|asked| page(asked).map(|_| Fault::OlderForm));
    let place = Place::of(&portal);
    assert_eq!(place.fetch(&[]).await.code, Some(0));
    assert!(place.files() == clean.files());
    assert_eq!(portal.requests(), 1 + pages);

    // A portal that has only the older form; that it has no other is learnt once.
    portal.plan(|asked| matches!(asked.what, What::Newer(_)).then_some(Fault::Status(404)));
    let place = Place::of(&portal);
    assert_eq!(place.fetch(&["--jobs", "1"]).await.code, Some(0));
    assert!(place.files() == clean.files());
    assert_eq!(portal.requests(), 1 + pages + 1);

    // A portal on which the newer form says no to some pages.
    portal.plan(|asked| {
        let refused = matches!(&asked.what, What::Newer(path) if path.len() % 2 == 0);
        refused.then_some(Fault::Code)
    });
    let place = Place::of(&portal);
    assert_eq!(place.fetch(&[]).await.code, Some(0));
    assert!(place.files() == clean.files());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_is_down_is_left_alone_soon() {
    let pages = (0..400).map(|at| Page::new(&format!("/p/{at}"), "Page"));
    let portal = Portal::start(pages.collect()).await;
    let place = Place::of(&portal);
    portal.plan(|asked| page(asked).map(|_| Fault::Status(502)));
    let ended = place.fetch(&["--jobs", "2"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("because too many failed in a row"),
        "{}",
        ended.stderr
    );
    assert!(portal.requests() < 1 + 22 * 6 + 80, "{}", portal.requests());

    portal.plan(|_| Some(Fault::Status(502)));
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.stderr.contains("HTTP 502 Bad Gateway"),
        "{}",
        ended.stderr
    );
    assert_eq!(portal.requests(), 6);
    assert!(place.files().is_empty());
}
