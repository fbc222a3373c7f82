//! What a million events take of memory and disk.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use feishu_events_benches::{Output, Row, Unit};
use feishu_events_inbox::{Inbox, InboxStore as _, SqliteStore};

use super::{IN_FLIGHT, handlers, requests, throughput, webhook};

/// The resident memory of this process in bytes; 0 where `/proc` is not at hand.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next());
    kilobytes.map_or(0.0, |kb| kb.parse::<f64>().unwrap() * 1024.0)
}

/// The bytes of a SQLite file with its log.
fn on_disk(path: &Path) -> f64 {
    let log = path.with_extension("db-wal");
    let files = [path, &log].map(|path| std::fs::metadata(path).map_or(0, |file| file.len()));
    files.iter().sum::<u64>() as f64
}

/// Keeps and handles events in SQLite, a tenth at a time, then forgets them.
pub(crate) async fn run(output: Output, events: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let store = Arc::new(SqliteStore::open(&path).unwrap());
    let inbox = Inbox::builder(handlers())
        .workers(IN_FLIGHT)
        .build(Arc::clone(&store));
    let webhook = webhook(inbox.dispatcher());
    let workers = inbox.start();
    let tenth = events / 10;
    let begun = Instant::now();
    let mut memory = Vec::new();
    for part in 0..10 {
        // Few at a time: those that wait to be sent take memory too.
        for some in 0..100 {
            let some = requests(part * tenth + some * tenth / 100, tenth / 100);
            throughput(&webhook, some).await;
        }
        while inbox.depth().await.unwrap().unsettled() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        memory.push(resident());
    }
    let seconds = begun.elapsed().as_secs_f64();
    let largest = on_disk(&path);
    while store
        .forget(Duration::ZERO, Duration::ZERO, 1_000)
        .await
        .unwrap()
        > 0
    {}
    workers.shut_down(Duration::from_secs(5)).await;
    drop((inbox, webhook, store));
    let growth = (memory[9] - memory[0]).max(0.0);
    let row = |what: &str, unit, figure| {
        output.row(&Row::alone(
            format!("SQLite, {events} events: {what}"),
            unit,
            figure,
        ));
    };
    row("memory after a tenth of them", Unit::Bytes, memory[0]);
    row("memory after all", Unit::Bytes, memory[9]);
    row("disk while all keys are known", Unit::Bytes, largest);
    row("disk after they are forgotten", Unit::Bytes, on_disk(&path));
    row(
        "kept, handled and settled",
        Unit::PerSecond,
        events as f64 / seconds,
    );
    let memory: Vec<String> = memory.iter().map(|it| Unit::Bytes.format(*it)).collect();
    output.note(&format!(
        "memory grew by {} from the first tenth on: {}",
        Unit::Bytes.format(growth),
        memory.join(", ")
    ));
}
