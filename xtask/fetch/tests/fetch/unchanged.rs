//! What is there is not fetched again; what was changed or went is seen.

use std::fs;

use crate::pages::invented;
use crate::portal::{Portal, What};
use crate::run::Place;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_asks_for_the_directory_alone() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    let ended = place.fetch(&[]).await;
    let pages = invented().len();
    assert_eq!(
        ended.numbers(),
        format!(
            "{pages} pages: {pages} fetched, 0 unchanged, 0 failed, 0 gone ({} requests)",
            pages + 1
        )
    );
    let before = place.files();
    portal.heal();
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.code, Some(0));
    assert_eq!(
        ended.numbers(),
        format!("{pages} pages: 0 fetched, {pages} unchanged, 0 failed, 0 gone (1 requests)")
    );
    assert_eq!(portal.requests(), 1);
    assert!(place.files() == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changed_is_fetched_and_what_went_is_named() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let before = place.files();
    let (first, last) = (invented()[0].clone(), invented().pop().unwrap());
    portal.heal();
    portal.edit(|pages| {
        pages[0].updated += 1;
        pages[0].content = "# New\n".to_owned();
        pages.pop();
    });
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.code, Some(0));
    assert_eq!(ended.paths("fetched"), [&*first.path]);
    assert_eq!(ended.paths("gone"), [&*last.path]);
    assert!(
        ended
            .stderr
            .contains(&format!("gone: {} has left", last.path))
    );
    let asked: Vec<What> = portal.log().into_iter().map(|asked| asked.what).collect();
    assert_eq!(asked, [What::Directory, What::Newer(first.path)]);

    let after = place.files();
    assert!(after.keys().eq(before.keys()), "what went stays");
    let changed: Vec<_> = after
        .iter()
        .filter(|(file, text)| before[*file] != **text)
        .collect();
    assert_eq!(changed.len(), 1);
    assert!(changed[0].1.ends_with("---\n\n# New\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_or_damaged_file_is_fetched_again() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let before = place.files();
    let mut files = before.keys().map(|file| place.docs().join(file));
    fs::remove_file(files.next().unwrap()).unwrap();
    fs::write(files.next().unwrap(), "").unwrap();
    fs::write(files.next().unwrap(), "# Something else\n").unwrap();
    let file = files.next().unwrap();
    let text = fs::read(&file).unwrap();
    fs::write(file, &text[..text.len() - 1]).unwrap();
    portal.heal();
    assert_eq!(place.fetch(&[]).await.code, Some(0));
    assert_eq!(portal.requests(), 1 + 4);
    assert!(place.files() == before);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn who_reads_a_file_while_it_is_replaced_reads_the_old_one_whole() {
    use std::io::Read;

    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let before = place.files();
    let mut open: Vec<_> = before
        .iter()
        .map(|(file, text)| (fs::File::open(place.docs().join(file)).unwrap(), text))
        .collect();
    portal.edit(|pages| {
        for page in pages {
            page.updated += 100;
            page.content = "# New\n".to_owned();
        }
    });
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.paths("fetched").len(), before.len());
    for (file, text) in &mut open {
        let mut read = String::new();
        file.read_to_string(&mut read).unwrap();
        assert!(read == **text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_time_in_the_directory_the_page_decides() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    portal.edit(|pages| pages.iter_mut().for_each(|page| page.listed_time = false));
    place.fetch(&[]).await;
    let before = place.files();
    let ended = place.fetch(&[]).await;
    assert!(ended.numbers().contains(" 0 fetched, "), "{}", ended.stderr);
    assert!(place.files() == before);
    portal.edit(|pages| pages[0].content.push_str("more\n"));
    let ended = place.fetch(&[]).await;
    assert_eq!(ended.paths("fetched"), [&*invented()[0].path]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_is_asked_for_and_fetched_anew() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    for asked in portal.log() {
        assert_eq!(asked.headers["accept-language"], "zh-CN");
        assert_eq!(asked.headers["cookie"], "open_locale=zh-CN");
    }
    portal.heal();
    let ended = place.fetch(&["--lang", "en-US"]).await;
    assert_eq!(ended.paths("fetched").len(), invented().len());
    assert_eq!(portal.log()[0].headers["accept-language"], "en-US");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_moves_in_the_directory_is_not_fetched_again() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    portal.edit(|pages| pages[0].under = vec!["moved".to_owned(), "here".to_owned()]);
    portal.heal();
    let ended = place.fetch(&[]).await;
    assert!(ended.numbers().contains(" 0 fetched, "), "{}", ended.stderr);
    assert_eq!(portal.requests(), 1);
    let clean = Place::of(&portal);
    clean.fetch(&[]).await;
    assert!(place.files() == clean.files());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_a_page_that_became_a_pointer_is_named() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let before = place.files();
    portal.edit(|pages| {
        pages[0].updated += 100;
        pages[0].content = String::new();
        pages[0].redirect = Some("/portal/elsewhere".to_owned());
    });
    // Also the next time, since the file stays as old as it is.
    for _ in 0..2 {
        let ended = place.fetch(&[]).await;
        assert_eq!(ended.code, Some(0));
        assert_eq!(ended.paths("elsewhere"), [&*invented()[0].path]);
        let file = ended.report["elsewhere"][0]["file"].as_str().unwrap();
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(&invented()[0].own_path), "{text}");
        assert!(ended.stderr.contains(&format!("; {file} stays\n")));
        assert!(place.files() == before);
    }
}
