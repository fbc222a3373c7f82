//! A SQLite file whose log was cut, as a loss of power can leave it.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use feishu_events_inbox::{InboxStore as _, KeepOutcome, Outcome, Query, SqliteStore};

use crate::suite::{entry, request};

/// The files of a store when its process is killed, and what it had acknowledged by then.
struct Killed {
    main: Vec<u8>,
    log: Vec<u8>,
    /// How long the log was when each event was acknowledged.
    acknowledged: Vec<(String, usize)>,
}

/// A folder in memory where there is one: what is tested is what SQLite makes of the bytes, which needs
/// no disk.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

async fn killed() -> Killed {
    let folder = folder();
    let path = folder.path().join("inbox.db");
    let wal = folder.path().join("inbox.db-wal");
    let store = SqliteStore::open(&path).unwrap();
    let mut acknowledged = Vec::new();
    for number in 0..6 {
        let key = format!("k{number}");
        store.keep(entry(&key)).await.unwrap();
        let length = fs::metadata(&wal).unwrap().len();
        acknowledged.push((key, usize::try_from(length).unwrap()));
    }
    let lease = request(1, Duration::from_secs(60));
    let lease = store.lease(lease).await.unwrap().leases[0].lease;
    store.settle(lease, Outcome::Done).await.unwrap();
    Killed {
        main: fs::read(&path).unwrap(),
        log: fs::read(&wal).unwrap(),
        acknowledged,
    }
}

impl Killed {
    /// Opens what is left if the log ends at this byte.
    async fn check(&self, cut: usize, folder: &Path) {
        let path = folder.join("inbox.db");
        drop(fs::remove_file(folder.join("inbox.db-shm")));
        fs::write(&path, &self.main).unwrap();
        fs::write(folder.join("inbox.db-wal"), &self.log[..cut]).unwrap();
        let opened = SqliteStore::open(&path).unwrap();
        let query = Query {
            limit: usize::MAX,
            ..Query::default()
        };
        let there = opened.list(query).await.unwrap();
        for (key, length) in &self.acknowledged {
            let is_there = there.iter().any(|event| event.key.as_deref() == Some(key));
            assert!(*length > cut || is_there, "cut at {cut}: {key} is lost");
        }
        // And it goes on.
        let next = opened.keep(entry("next")).await.unwrap();
        assert!(matches!(next, KeepOutcome::New(_)), "{next:?}");
    }
}

/// Every byte takes minutes: `FEISHU_INBOX_EVERY_BYTE=1`. Otherwise all bytes around the end of each
/// frame of the log and of each acknowledgement are cut at, and some in between.
#[test]
fn what_was_kept_is_there_after_the_log_was_cut_at_any_byte() {
    const HEADER: usize = 32;
    const FRAME: usize = 24 + 4096;

    let begun = Instant::now();
    let runtime = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap()
    };
    let killed = Arc::new(runtime().block_on(killed()));
    let length = killed.log.len();
    assert_eq!((length - HEADER) % FRAME, 0, "the log has another form");
    let every = std::env::var_os("FEISHU_INBOX_EVERY_BYTE").is_some();
    let is_wanted = |cut: &usize| {
        let in_frame = cut.saturating_sub(HEADER) % FRAME;
        // A prime, so that the cuts fall everywhere in pages.
        every || *cut <= HEADER || in_frame <= 2 || in_frame == FRAME - 1 || cut.is_multiple_of(499)
    };
    let cuts: Vec<usize> = (0..=length).filter(is_wanted).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let folder = folder();
                runtime().block_on(async {
                    while let Some(cut) = cuts.get(next.fetch_add(1, Ordering::Relaxed)) {
                        killed.check(*cut, folder.path()).await;
                    }
                });
            });
        }
    });
    println!(
        "a log of {length} bytes, cut {} times, in {:.1?}: nothing acknowledged is lost",
        cuts.len(),
        begun.elapsed()
    );
}
