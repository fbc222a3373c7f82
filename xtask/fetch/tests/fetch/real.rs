//! The folder is what `scrape` reads: what was fetched gives the schemas that the pages give.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use xtask::cli::{Cli, Command};
use xtask::scrape::scrape;

use crate::pages::{invented, real, save};
use crate::portal::{Fault, Portal};
use crate::run::{Place, files};
use crate::shared_docs;

/// What `scrape` makes of a folder, on top of `earlier`.
pub(crate) fn schemas_of(
    pages: &Path,
    earlier: Option<&BTreeMap<PathBuf, String>>,
) -> BTreeMap<PathBuf, String> {
    let out = tempfile::tempdir().unwrap();
    for (file, text) in earlier.into_iter().flatten() {
        let file = out.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let line = ["cargo xtask", "scrape", "--out"].map(PathBuf::from);
    let line = line
        .into_iter()
        .chain([out.path().to_owned(), pages.to_owned()]);
    let Command::Scrape(args) = Cli::try_parse_from(line).unwrap().command else {
        panic!("it is scrape");
    };
    scrape(&args, false).unwrap();
    files(out.path())
}

/// The schemas of the repository.
fn committed() -> BTreeMap<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let mut schemas = files(&folder);
    schemas.retain(|file, _| {
        file.extension().is_some_and(|it| it == "json") && !file.starts_with("overlay")
    });
    schemas
}

#[tokio::test(flavor = "multi_thread")]
async fn fetched_pages_give_the_schemas_of_the_pages() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let saved = tempfile::tempdir().unwrap();
    save(&invented(), saved.path());
    let schemas = schemas_of(saved.path(), None);
    assert!(schemas.len() >= 5);
    assert!(schemas_of(&place.docs(), None) == schemas);
}

/// Every tenth answer is faulty, in one way after the other.
fn every_tenth(number: usize) -> Option<Fault> {
    if !number.is_multiple_of(10) {
        return None;
    }
    let faults = [
        Fault::Wait("0".to_owned()),
        Fault::Status(500),
        Fault::Code,
        Fault::Empty,
        Fault::CutOff,
        Fault::HalfJson,
        Fault::Stall,
        Fault::Status(429),
        Fault::Silence,
    ];
    Some(faults[number / 10 % faults.len()].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_pages_come_through_a_portal_that_fails_every_tenth_time() {
    let Some(pages) = real() else { return };
    let portal = Portal::start(pages.clone()).await;
    portal.plan(|asked| every_tenth(asked.number));
    let place = Place::of(&portal);
    let ended = place.fetch(&["--timeout", "4"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.paths("fetched").len(), 272);
    // A tenth of the answers is lost, and each is asked for once more.
    let requests = portal.requests();
    assert_eq!(requests - requests / 10, 273);
    println!("{}", ended.numbers());

    let fetched = place.files();
    for page in &pages {
        let end = format!("\n---\n\n{}\n", page.content.trim_end_matches('\n'));
        let of_page = |text: &&String| text.ends_with(&end);
        assert_eq!(fetched.values().filter(of_page).count(), 1, "{}", page.path);
    }

    portal.heal();
    let ended = place.fetch(&[]).await;
    assert_eq!((ended.code, portal.requests()), (Some(0), 1));
    println!("{}", ended.numbers());
    assert!(place.files() == fetched);

    // What scrape makes of them is what it makes of the pages as they are, from nothing and on top
    // of the committed schemas, which don't change.
    let folder = shared_docs::folder("2026-03").unwrap();
    let schemas = schemas_of(&place.docs(), None);
    assert!(schemas.len() > 200);
    assert!(schemas == schemas_of(&folder, None));
    let committed = committed();
    assert!(schemas_of(&place.docs(), Some(&committed)) == committed);
}
