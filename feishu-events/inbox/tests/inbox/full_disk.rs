//! A store on a disk that is full, and then is not. The disk is a small one in memory, which only root
//! can make; who is not says that it skips.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use feishu_events_inbox::InboxStore;

use crate::{App, deliver, message, post, quick, settled, webhook};

/// A small file system on a folder; it goes with this.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn on(folder: &Path, megabytes: u32) -> Option<Self> {
        let size = format!("size={megabytes}m");
        let mount = ["-t", "tmpfs", "-o", &size, "feishu-inbox-test"];
        let mounted = Command::new("mount").args(mount).arg(folder).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(folder.to_owned()));
        }
        println!("SKIPPED: a small disk cannot be mounted, so a full one is not tested");
        None
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Writes a file until there is no more room.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.ballast()).unwrap();
        while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Also while a server that ends has files in it.
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
        drop(std::fs::remove_dir(&self.0));
    }
}

/// Events arrive while the disk fills up; those that find no room are not acknowledged, and arrive once
/// there is some. The status names the store and `what_to_do`.
async fn nothing_is_lost(
    store: Arc<dyn InboxStore>,
    disk: &SmallDisk,
    what_to_do: &str,
    then: impl AsyncFnOnce(),
) {
    let app = App::default();
    let name = store.name().to_owned();
    let inbox = quick(&app).build(store);
    let receiver = webhook(&inbox);
    let event = |number| message(&format!("om_{number}"), "oc_1");
    for number in 0..50 {
        deliver(&receiver, &event(number)).await;
    }
    disk.fill();
    let mut refused = BTreeSet::new();
    for number in 50..3_000 {
        match post(&receiver, &event(number)).await {
            200 => {}
            500 => drop(refused.insert(number)),
            other => panic!("{other}"),
        }
        if refused.len() == 20 {
            break;
        }
    }
    assert_eq!(refused.len(), 20, "the disk is not full");
    let last = *refused.last().unwrap();
    let (_, why) = inbox.status().down.expect("the status says so");
    let names_it = why.starts_with(&format!("inbox {name}: "));
    assert!(names_it && why.contains(what_to_do), "{why}");

    let _workers = inbox.start();
    disk.free();
    then().await;
    for number in refused {
        deliver(&receiver, &event(number)).await;
    }
    settled(&inbox).await;
    assert!(inbox.status().is_healthy());
    let ids: BTreeSet<String> = app.ids().into_iter().collect();
    let all = (0..=last).map(|number| format!("om_{number}"));
    assert_eq!(ids, all.collect(), "some were lost");
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::on(folder.path(), 4) else {
        return;
    };
    let path = folder.path().join("inbox.db");
    let store = feishu_events_inbox::SqliteStore::open(path).unwrap();
    nothing_is_lost(Arc::new(store), &disk, "full: free space", async || {}).await;
}

/// Redis refuses what it cannot write, but for what it had promised to write at once: then it ends.
#[cfg(feature = "redis")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_on_a_full_disk() {
    for (appendfsync, what_to_do) in [
        ("everysec", "full: free space"),
        ("always", "is the server running?"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let Some(disk) = SmallDisk::on(folder.path(), 4) else {
            return;
        };
        let server = crate::servers::redis::start_in(folder, appendfsync).await;
        let Some(server) = server else { return };
        let store = feishu_events_inbox::RedisStore::connect(&server.url()).await;
        let server = tokio::sync::Mutex::new(server);
        let start_again = async || {
            if appendfsync == "always" {
                let mut server = server.lock().await;
                server.has_ended();
                server.start_again().await;
            }
        };
        nothing_is_lost(Arc::new(store.unwrap()), &disk, what_to_do, start_again).await;
    }
}

/// The tables are on the disk that fills up, the server's log is not: the server goes on.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_with_its_tables_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::on(folder.path(), 8) else {
        return;
    };
    let Some(server) = crate::servers::postgres::start().await else {
        return;
    };
    let tables = folder.path().join("tables");
    std::fs::create_dir(&tables).unwrap();
    for folder in [folder.path(), &tables] {
        server.give(folder);
    }
    let create = format!("CREATE TABLESPACE small LOCATION '{}'", tables.display());
    server.run(&create).await;
    server
        .run("ALTER ROLE inbox SET default_tablespace = small")
        .await;
    let store = feishu_events_inbox::PostgresStore::connect(&server.url()).await;
    let store = Arc::new(store.unwrap());
    nothing_is_lost(store, &disk, "full: free space", async || {}).await;
}
