//! A store whose process ends at a chosen point.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use feishu_events_inbox::{
    BoxFuture, Depth, Entry, Held, InboxStore, KeepOutcome, LeaseId, LeaseRequest, Leases, Outcome,
    Query, Selection, State, Summary,
};

/// Kills its process when it has come to a point for so many times.
pub(super) struct Killing {
    store: Arc<dyn InboxStore>,
    point: String,
    left: Arc<AtomicUsize>,
}

fn kill() -> ! {
    let own = std::process::id().to_string();
    drop(
        std::process::Command::new("kill")
            .args(["-9", &own])
            .status(),
    );
    std::process::abort()
}

impl Killing {
    pub(super) fn new(store: Arc<dyn InboxStore>, point: &str, after: usize) -> Self {
        Self {
            store,
            point: point.to_owned(),
            left: Arc::new(AtomicUsize::new(after)),
        }
    }

    fn is_due(&self, point: &str) -> bool {
        self.point == point && self.left.fetch_sub(1, Ordering::SeqCst) == 1
    }

    fn at(&self, point: &str) {
        if self.is_due(point) {
            kill();
        }
    }
}

impl InboxStore for Killing {
    fn name(&self) -> &str {
        self.store.name()
    }
    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        Box::pin(async move {
            self.at("before kept");
            let kept = self.store.keep(entry).await?;
            self.at("kept");
            if self.is_due("acknowledged") {
                // The answer needs some moments to go out.
                tokio::spawn(async {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    kill();
                });
            }
            Ok(kept)
        })
    }
    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        Box::pin(async move {
            let leases = self.store.lease(request).await?;
            if !leases.leases.is_empty() {
                self.at("leased");
            }
            Ok(leases)
        })
    }
    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        Box::pin(async move {
            let held = self.store.begin(lease, time).await?;
            self.at("begun");
            Ok(held)
        })
    }
    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        self.store.extend(lease, time)
    }
    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        self.at("handled");
        self.store.settle(lease, outcome)
    }
    fn list(&self, query: Query) -> BoxFuture<'_, Vec<Summary>> {
        self.store.list(query)
    }
    fn body(&self, id: u64) -> BoxFuture<'_, Option<Vec<u8>>> {
        self.store.body(id)
    }
    fn redrive(&self, selection: Selection) -> BoxFuture<'_, u64> {
        self.store.redrive(selection)
    }
    fn purge(&self, state: State, selection: Selection) -> BoxFuture<'_, u64> {
        self.store.purge(state, selection)
    }
    fn forget(&self, done_for: Duration, dead_for: Duration, limit: usize) -> BoxFuture<'_, u64> {
        self.store.forget(done_for, dead_for, limit)
    }
    fn depth(&self) -> BoxFuture<'_, Depth> {
        self.store.depth()
    }
}
