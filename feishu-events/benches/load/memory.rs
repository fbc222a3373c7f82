//! What the memory of handled events takes.

use feishu_events::{DedupeStore, MemoryStore};

use crate::process::resident_kb;

/// How many events are remembered.
const EVENTS: usize = 1_000_000;

pub(crate) fn run() {
    let store = MemoryStore::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let before = resident_kb();
    runtime.block_on(async {
        for event in 0..EVENTS {
            let key = format!("cli_a1b2c3d4e5f60718/{event:032x}");
            store.claim(&key).await.unwrap();
            store.done(&key).await.unwrap();
            if (event + 1) % 100_000 == 0 {
                println!("{} events: {} kB", event + 1, resident_kb() - before);
            }
        }
    });
}
