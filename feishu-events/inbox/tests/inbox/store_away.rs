//! The store is away for a while, or full.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use feishu_events_inbox::{
    BoxFuture, Depth, Entry, ErrorKind, Held, InboxError, InboxStore, KeepOutcome, LeaseId,
    LeaseRequest, Leases, Outcome, Query, Summary,
};

use super::*;

/// A store that can be taken away: it fails, or does not answer.
#[derive(Default)]
pub(crate) struct Away {
    store: MemoryStore,
    pub(crate) fails: AtomicBool,
    silent: AtomicBool,
}

impl Away {
    fn ask<'a, T: Send + 'a>(&'a self, asked: BoxFuture<'a, T>) -> BoxFuture<'a, T> {
        Box::pin(async move {
            if self.silent.load(Ordering::SeqCst) {
                std::future::pending::<()>().await;
            }
            if self.fails.load(Ordering::SeqCst) {
                return Err(InboxError::new("away", ErrorKind::Unreachable));
            }
            asked.await
        })
    }
}

impl InboxStore for Away {
    fn name(&self) -> &'static str {
        "away"
    }
    fn keep(&self, entry: Entry) -> BoxFuture<'_, KeepOutcome> {
        let asked = Box::pin(async move { self.store.keep(entry).await });
        self.ask(asked)
    }
    fn lease(&self, request: LeaseRequest) -> BoxFuture<'_, Leases> {
        let asked = Box::pin(async move { self.store.lease(request).await });
        self.ask(asked)
    }
    fn begin(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        let asked = Box::pin(async move { self.store.begin(lease, time).await });
        self.ask(asked)
    }
    fn extend(&self, lease: LeaseId, time: Duration) -> BoxFuture<'_, Held> {
        let asked = Box::pin(async move { self.store.extend(lease, time).await });
        self.ask(asked)
    }
    fn settle(&self, lease: LeaseId, outcome: Outcome) -> BoxFuture<'_, Held> {
        let asked = Box::pin(async move { self.store.settle(lease, outcome).await });
        self.ask(asked)
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

#[tokio::test]
async fn while_the_store_is_away_nothing_is_acknowledged_and_all_arrives_afterwards() {
    let (app, store) = (App::default(), Arc::new(Away::default()));
    let inbox = quick(&app)
        .store_timeout(Duration::from_millis(200))
        .build(Arc::clone(&store));
    let webhook = webhook(&inbox);
    let _workers = inbox.start();
    let all: Vec<_> = (0..20)
        .map(|n| message(&format!("om_{n}"), "oc_1"))
        .collect();
    for (flag, status) in [(&store.fails, 500), (&store.silent, 500)] {
        flag.store(true, Ordering::SeqCst);
        let begun = Instant::now();
        let posts = all.iter().map(|event| post(&webhook, event));
        for answer in futures_util::future::join_all(posts).await {
            assert_eq!(answer, status, "acknowledged");
        }
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "answered too late"
        );
        let (_, why) = inbox.status().down.expect("status says so");
        assert!(why.starts_with("inbox away: "), "{why}");
        flag.store(false, Ordering::SeqCst);
    }
    for event in &all {
        assert_eq!(post(&webhook, event).await, 200);
    }
    settled(&inbox).await;
    assert!(inbox.status().is_healthy());
    assert_eq!(app.calls().len(), 20);
}

#[tokio::test]
async fn an_outage_between_handler_and_settlement_handles_nothing_twice() {
    let (app, store) = (App::default(), Arc::new(Away::default()));
    app.take(Duration::from_millis(200));
    let inbox = quick(&app).build(Arc::clone(&store));
    let _workers = inbox.start();
    post(&webhook(&inbox), &message("om_1", "oc_1")).await;
    eventually("it runs", async || app.calls().len() == 1).await;
    store.fails.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(600)).await;
    store.fails.store(false, Ordering::SeqCst);
    settled(&inbox).await;
    assert_eq!(app.calls().len(), 1);
}
