//! What can be wrong with a SQLite file.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use feishu_events_inbox::{
    ErrorKind, InboxError, InboxStore as _, KeepOutcome, Outcome, SqliteStore, State,
};

use crate::suite::{entry, request};
use crate::{App, message, post, quick, settled, webhook};

/// Why a file cannot be opened; the words name it and what to do.
fn refused(path: &Path, words: &str) -> InboxError {
    let Err(error) = SqliteStore::open(path) else {
        panic!("{} was opened", path.display());
    };
    let text = error.to_string();
    let name = format!("inbox sqlite {}: ", path.display());
    assert!(text.starts_with(&name) && text.contains(words), "{text}");
    error
}

#[tokio::test]
async fn a_full_file_refuses_events_and_takes_them_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let app = App::default();
    let store = SqliteStore::options(&path)
        .max_bytes(160 * 1024)
        .open()
        .unwrap();
    let store = Arc::new(store);
    let inbox = quick(&app).build(Arc::clone(&store));
    let receiver = webhook(&inbox);
    let events: Vec<_> = (0..200)
        .map(|n| message(&format!("om_{n}"), "oc_1"))
        .collect();
    let mut refused = Vec::new();
    for event in &events {
        match post(&receiver, event).await {
            200 => {}
            500 => refused.push(event),
            other => panic!("{other}"),
        }
    }
    assert!(
        (1..190).contains(&refused.len()),
        "{} refused",
        refused.len()
    );
    let (_, why) = inbox.status().down.unwrap();
    assert!(why.contains("full: free space"), "{why}");
    let mut large = entry("one more");
    large.body = vec![b'x'; 100_000];
    let error = store.keep(large).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Full);

    // What is kept is handled, and that makes room.
    let _workers = inbox.start();
    settled(&inbox).await;
    store
        .forget(Duration::ZERO, Duration::ZERO, 10_000)
        .await
        .unwrap();
    for event in refused {
        assert_eq!(post(&receiver, event).await, 200);
        settled(&inbox).await;
        store
            .forget(Duration::ZERO, Duration::ZERO, 10_000)
            .await
            .unwrap();
    }
    assert_eq!(app.calls().len(), 200);
}

#[tokio::test]
async fn what_is_no_inbox_of_this_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let error = refused(&at("nowhere/inbox.db"), "create it first");
    assert!(matches!(error.kind(), ErrorKind::Invalid(_)));

    fs::write(
        at("text"),
        "not a database, but some text that is long enough".repeat(50),
    )
    .unwrap();
    let before = fs::read(at("text")).unwrap();
    assert_eq!(
        *refused(&at("text"), "choose another").kind(),
        ErrorKind::NotAnInbox
    );
    assert_eq!(fs::read(at("text")).unwrap(), before);

    let other = rusqlite::Connection::open(at("other.db")).unwrap();
    other
        .execute_batch("CREATE TABLE event (x); INSERT INTO event VALUES (1)")
        .unwrap();
    drop(other);
    let error = refused(&at("other.db"), "database of another program");
    assert_eq!(*error.kind(), ErrorKind::NotAnInbox);

    drop(SqliteStore::open(at("newer.db")).unwrap());
    let newer = rusqlite::Connection::open(at("newer.db")).unwrap();
    newer.execute_batch("PRAGMA user_version = 4").unwrap();
    drop(newer);
    let error = refused(&at("newer.db"), "update feishu-events-inbox");
    let (found, known) = (4, 1);
    assert_eq!(*error.kind(), ErrorKind::NewerSchema { found, known });
}

#[tokio::test]
async fn two_processes_share_a_file_and_one_that_is_locked_out_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let open = || {
        SqliteStore::options(&path)
            .busy_timeout(Duration::from_millis(50))
            .open()
    };
    let (first, second) = (open().unwrap(), open().unwrap());
    first.keep(entry("a")).await.unwrap();
    let known = second.keep(entry("a")).await.unwrap();
    assert_eq!(known, KeepOutcome::Known(State::Waiting));
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let locked = first.keep(entry("b")).await.unwrap_err();
    assert_eq!(*locked.kind(), ErrorKind::TimedOut, "{locked}");
    other.execute_batch("COMMIT").unwrap();
    first.keep(entry("b")).await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file_and_what_is_done_is_not_in_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let store = SqliteStore::open(&path).unwrap();
    let mut private = entry("a");
    private.body = b"a private message".to_vec();
    store.keep(private).await.unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
    }
    let lease = store
        .lease(request(1, Duration::from_secs(60)))
        .await
        .unwrap();
    store
        .settle(lease.leases[0].lease, Outcome::Done)
        .await
        .unwrap();
    drop(store);
    let bytes = fs::read(&path).unwrap();
    let is_there = bytes.windows(17).any(|part| part == b"a private message");
    assert!(!is_there, "dropped and still in the file");
}

/// What a user sees who may read the file and not write it. Root may write all, and takes the rights of
/// another user for it.
#[cfg(all(unix, feature = "cli"))]
#[tokio::test]
async fn a_file_that_is_read_only_is_named_with_what_to_do() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;

    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let (path, program) = (inside.join("inbox.db"), folder.path().join("feishu-inbox"));
    let store = SqliteStore::open(&path).unwrap();
    store.keep(entry("a")).await.unwrap();
    drop(store);
    fs::copy(env!("CARGO_BIN_EXE_feishu-inbox"), &program).unwrap();
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
    set(folder.path(), 0o755).unwrap();
    set(&program, 0o755).unwrap();
    let is_root = fs::metadata(&path).unwrap().uid() == 0;
    for (file_mode, folder_mode, words) in [
        (0o444, 0o777, "read-only: make the file and its folder"),
        (0o444, 0o555, "read-only: make the file and its folder"),
        (0o666, 0o555, "read-only: make the file and its folder"),
        (
            0o000,
            0o777,
            "access denied: check user, password and permissions",
        ),
    ] {
        set(&path, file_mode).unwrap();
        set(&inside, folder_mode).unwrap();
        let mut command = std::process::Command::new(&program);
        command.args(["redrive", "--all"]);
        command.env("FEISHU_INBOX", format!("sqlite:{}", path.display()));
        if is_root {
            command.uid(65_534).gid(65_534);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let name = format!("error: inbox sqlite {}: ", path.display());
        let explains = said.starts_with(&name) && said.contains(words);
        assert!(explains, "{file_mode:o} in {folder_mode:o}: {said}");
    }
    set(&inside, 0o777).unwrap();
}

/// Has all events that are due handled, and gives their ids in that order.
async fn handle_all(store: &SqliteStore) -> Vec<u64> {
    let mut handled = Vec::new();
    for lease in store
        .lease(request(100, Duration::from_secs(60)))
        .await
        .unwrap()
        .leases
    {
        store
            .begin(lease.lease, Duration::from_secs(60))
            .await
            .unwrap();
        store.settle(lease.lease, Outcome::Done).await.unwrap();
        handled.push(lease.lease.id);
    }
    handled
}

#[tokio::test]
async fn done_events_are_handled_once_more_if_their_bodies_were_kept() {
    let folder = tempfile::tempdir().unwrap();
    for keeps in [false, true] {
        let options = SqliteStore::options(folder.path().join(format!("{keeps}.db")));
        let options = if keeps {
            options.keep_bodies()
        } else {
            options
        };
        let store = options.open().unwrap();
        let hour = Duration::from_secs(60 * 60);
        let now = SystemTime::now();
        for (key, age) in [("old", 3 * hour), ("first", hour), ("second", hour)] {
            let mut entry = entry(key);
            entry.received_at = now - age;
            store.keep(entry).await.unwrap();
        }
        assert_eq!(handle_all(&store).await.len(), 3);
        let repeated = store.repeat_since(now - 2 * hour).await.unwrap();
        assert_eq!(repeated, if keeps { 2 } else { 0 });
        let again = handle_all(&store).await;
        assert_eq!(again, if keeps { vec![2, 3] } else { vec![] });
    }
}
