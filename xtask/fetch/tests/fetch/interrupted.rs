//! A run that is killed leaves only whole files, and the next goes on from there.

use std::path::Path;

use crate::pages::{Page, invented, real};
use crate::portal::{Fault, Portal};
use crate::run::Place;

/// Kills a run when the portal's answer `number` is due, which it withholds in part or in whole.
async fn kill_at(place: &Place, number: usize, fault: Fault) {
    place
        .portal
        .plan(move |asked| (asked.number >= number).then(|| fault.clone()));
    let mut child = place.start(&[]);
    place.portal.held().await;
    child.kill().await.unwrap();
}

/// Kills runs at these requests, each in a folder of its own and then all in the same one; what is
/// there after each is whole, and the run after it completes it.
async fn kill_and_go_on(pages: Vec<Page>, points: &[usize]) {
    let total = pages.len();
    let portal = Portal::start(pages).await;
    let clean = Place::of(&portal);
    assert_eq!(clean.fetch(&[]).await.code, Some(0));
    let clean = clean.files();
    assert_eq!(clean.len(), total);

    let same = Place::of(&portal);
    for (at, &point) in points.iter().enumerate() {
        let fault = if at.is_multiple_of(2) {
            Fault::Silence
        } else {
            Fault::Stall
        };
        let place = Place::of(&portal);
        kill_at(&place, point, fault.clone()).await;
        let kept = place.files();
        let kept = kept
            .iter()
            .filter(|(file, _)| file.extension().is_some_and(|it| it == "md"));
        let kept: Vec<_> = kept.collect();
        assert!(
            kept.iter().all(|(file, text)| clean[*file] == **text),
            "{point}"
        );
        assert!(kept.len() < point, "{point}");

        portal.heal();
        let ended = place.fetch(&[]).await;
        assert_eq!(ended.code, Some(0), "{point}: {}", ended.stderr);
        // By its own count: requests of the killed run may still be under way.
        let requests = ended.report["requests"].as_u64().unwrap();
        assert_eq!(requests, (1 + total - kept.len()) as u64, "{point}");
        assert!(place.files() == clean, "{point}");

        if same.files().len() + 1 < total {
            kill_at(&same, (point / 4).max(1), fault).await;
        }
    }
    portal.heal();
    assert_eq!(same.fetch(&[]).await.code, Some(0));
    assert!(same.files() == clean);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_is_taken_up_again() {
    let pages = invented();
    let points: Vec<usize> = (1..=pages.len() + 1).collect();
    kill_and_go_on(pages, &points).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_over_real_pages_is_taken_up_again() {
    let Some(pages) = real() else { return };
    kill_and_go_on(pages, &[1, 2, 9, 60, 137, 200, 272, 273]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_written_files_are_cleared_away() {
    let portal = Portal::start(invented()).await;
    let place = Place::of(&portal);
    place.fetch(&[]).await;
    let before = place.files();
    let folder = place.docs().join("server-docs/meadow");
    std::fs::write(folder.join(".fetch-gate.md.part"), "---\ntit").unwrap();
    std::fs::write(folder.join("notes.part"), "mine").unwrap();
    place.fetch(&[]).await;
    let mut after = place.files();
    let mine = after.remove(Path::new("server-docs/meadow/notes.part"));
    assert_eq!(mine.as_deref(), Some("mine"));
    assert!(after == before);
}
