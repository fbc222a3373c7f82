//! What every store promises.

use std::time::{Duration, SystemTime};

use feishu_events::{LastAttempt, Transport};
use feishu_events_inbox::{
    Entry, Held, InboxStore, Interrupted, KeepOutcome, Lease, LeaseId, LeaseRequest, Outcome,
    Query, Selection, State,
};

mod operator;

pub(crate) use operator::*;

pub(crate) const LONG: Duration = Duration::from_secs(3600);
pub(crate) const NONE: Duration = Duration::ZERO;

pub(crate) fn entry(key: &str) -> Entry {
    Entry {
        key: Some(key.to_owned()),
        event_type: "im.message.receive_v1".to_owned(),
        event_id: Some(format!("id of {key}")),
        app_id: Some("cli_1".to_owned()),
        tenant_key: Some("2ca1".to_owned()),
        order_key: None,
        transport: Transport::LongConnection,
        received_at: SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_123),
        body: format!("{{\"body\":\"{key}\u{0}\u{1F600}\"}}").into_bytes(),
    }
}

pub(crate) fn ordered(key: &str, order_key: &str) -> Entry {
    Entry {
        order_key: Some(order_key.to_owned()),
        ..entry(key)
    }
}

pub(crate) fn request(limit: usize, time: Duration) -> LeaseRequest {
    LeaseRequest {
        worker: "w1".to_owned(),
        limit,
        time,
        max_attempts: 3,
        interrupted: Interrupted::Again,
    }
}

async fn lease(store: &dyn InboxStore, limit: usize, time: Duration) -> Vec<Lease> {
    store.lease(request(limit, time)).await.unwrap().leases
}

fn keys(leases: &[Lease]) -> Vec<String> {
    let keys = leases.iter().filter_map(|lease| lease.entry.key.clone());
    keys.collect()
}

async fn keep(store: &dyn InboxStore, entry: Entry) -> u64 {
    match store.keep(entry).await.unwrap() {
        KeepOutcome::New(id) => id,
        known @ KeepOutcome::Known(_) => panic!("{known:?}"),
    }
}

async fn states(store: &dyn InboxStore) -> Vec<State> {
    let query = Query {
        limit: 100,
        ..Query::default()
    };
    let list = store.list(query).await.unwrap();
    list.iter().map(|summary| summary.state).collect()
}

pub(crate) async fn an_event_is_kept_once_and_comes_out_as_it_went_in(store: &dyn InboxStore) {
    let id = keep(store, entry("a")).await;
    let again = store.keep(entry("a")).await.unwrap();
    assert_eq!(again, KeepOutcome::Known(State::Waiting));
    let leases = lease(store, 10, LONG).await;
    assert_eq!(leases.len(), 1);
    assert_eq!(leases[0].lease.id, id);
    assert_eq!(leases[0].entry, entry("a"));
    assert_eq!((leases[0].attempts, leases[0].last_attempt), (0, None));
    assert!(lease(store, 10, LONG).await.is_empty(), "leased twice");
    let again = store.keep(entry("a")).await.unwrap();
    assert_eq!(again, KeepOutcome::Known(State::Leased));
    let lease = leases[0].lease;
    assert_eq!(store.begin(lease, LONG).await.unwrap(), Held::Yes);
    let again = store.keep(entry("a")).await.unwrap();
    assert_eq!(again, KeepOutcome::Known(State::Begun));
    assert_eq!(store.body(id).await.unwrap(), Some(entry("a").body));
    assert_eq!(store.settle(lease, Outcome::Done).await.unwrap(), Held::Yes);
    let again = store.keep(entry("a")).await.unwrap();
    assert_eq!(again, KeepOutcome::Known(State::Done));
    assert_eq!(store.body(id).await.unwrap(), None, "the body is dropped");
    assert_eq!(store.body(99_999).await.unwrap(), None);
}

pub(crate) async fn events_without_a_key_or_anything_else_are_kept_each_time(
    store: &dyn InboxStore,
) {
    let bare = Entry {
        key: None,
        event_type: "x".to_owned(),
        event_id: None,
        app_id: None,
        tenant_key: None,
        order_key: None,
        transport: Transport::Webhook,
        received_at: SystemTime::UNIX_EPOCH,
        body: Vec::new(),
    };
    let first = keep(store, bare.clone()).await;
    let second = keep(store, bare.clone()).await;
    assert!(first < second);
    let leases = lease(store, 10, LONG).await;
    assert_eq!(leases.len(), 2);
    assert_eq!(leases[1].entry, bare);
    for lease in leases {
        store.settle(lease.lease, Outcome::Done).await.unwrap();
    }
    assert_eq!(store.depth().await.unwrap().done, 2);
    assert_eq!(store.forget(NONE, LONG, 10).await.unwrap(), 2);
}

pub(crate) async fn the_oldest_come_first_and_no_more_than_asked_for(store: &dyn InboxStore) {
    for key in ["a", "b", "c", "d"] {
        keep(store, entry(key)).await;
    }
    assert_eq!(keys(&lease(store, 3, LONG).await), ["a", "b", "c"]);
    assert_eq!(keys(&lease(store, 3, LONG).await), ["d"]);
    assert!(lease(store, 0, LONG).await.is_empty());
}

pub(crate) async fn a_lease_that_ran_out_goes_to_the_next_and_the_old_one_is_refused(
    store: &dyn InboxStore,
) {
    keep(store, entry("a")).await;
    let old = lease(store, 1, NONE).await.remove(0);
    let new = lease(store, 1, LONG).await.remove(0);
    assert!(new.lease.fence > old.lease.fence);
    assert_eq!((new.attempts, new.last_attempt), (0, None), "never begun");
    for refused in [
        store.begin(old.lease, LONG).await,
        store.extend(old.lease, LONG).await,
        store.settle(old.lease, Outcome::Done).await,
        store.settle(old.lease, Outcome::Dead("x".into())).await,
        store.settle(old.lease, Outcome::Return).await,
    ] {
        assert_eq!(refused.unwrap(), Held::Lost);
    }
    assert_eq!(store.begin(new.lease, LONG).await.unwrap(), Held::Yes);
    assert_eq!(
        store.settle(new.lease, Outcome::Done).await.unwrap(),
        Held::Yes
    );
    let again = store.settle(new.lease, Outcome::Done).await.unwrap();
    assert_eq!(again, Held::AlreadyDone);
    let late = store
        .settle(old.lease, Outcome::Again(NONE, "x".into()))
        .await;
    assert_eq!(late.unwrap(), Held::Lost);
    assert_eq!(states(store).await, [State::Done]);
}

pub(crate) async fn an_extended_lease_does_not_run_out(store: &dyn InboxStore) {
    keep(store, entry("a")).await;
    let mine = lease(store, 1, Duration::from_millis(400)).await.remove(0);
    assert_eq!(store.extend(mine.lease, LONG).await.unwrap(), Held::Yes);
    tokio::time::sleep(Duration::from_millis(450)).await;
    assert!(lease(store, 1, LONG).await.is_empty());
    // A lease that has run out and that nobody took is still good.
    assert_eq!(store.extend(mine.lease, NONE).await.unwrap(), Held::Yes);
    assert_eq!(
        store.settle(mine.lease, Outcome::Done).await.unwrap(),
        Held::Yes
    );
}

pub(crate) async fn a_failed_event_comes_again_in_its_time_and_knows_it(store: &dyn InboxStore) {
    keep(store, entry("a")).await;
    let first = lease(store, 1, LONG).await.remove(0).lease;
    store.begin(first, LONG).await.unwrap();
    let again = Outcome::Again(NONE, "no luck".to_owned());
    assert_eq!(store.settle(first, again).await.unwrap(), Held::Yes);
    let second = lease(store, 1, LONG).await.remove(0);
    assert_eq!(second.attempts, 1);
    assert_eq!(second.last_attempt, Some(LastAttempt::Failed));
    assert!(second.lease.fence > first.fence);
    store.begin(second.lease, LONG).await.unwrap();
    let later = Outcome::Again(LONG, "still none".to_owned());
    store.settle(second.lease, later).await.unwrap();
    assert!(lease(store, 1, LONG).await.is_empty(), "an hour too early");
    let query = Query {
        limit: 1,
        ..Query::default()
    };
    let list = store.list(query).await.unwrap();
    assert_eq!(list[0].attempts, 2);
    assert_eq!(list[0].reason.as_deref(), Some("still none"));
}

pub(crate) async fn a_returned_event_comes_again_as_if_nothing_had_been(store: &dyn InboxStore) {
    keep(store, entry("a")).await;
    let first = lease(store, 1, LONG).await.remove(0).lease;
    assert_eq!(
        store.settle(first, Outcome::Return).await.unwrap(),
        Held::Yes
    );
    let second = lease(store, 1, LONG).await.remove(0);
    assert_eq!((second.attempts, second.last_attempt), (0, None));
}

pub(crate) async fn an_interrupted_event_comes_again_and_knows_it(store: &dyn InboxStore) {
    keep(store, entry("a")).await;
    for attempts in 0..3 {
        let mine = lease(store, 1, LONG).await.remove(0);
        assert_eq!(mine.attempts, attempts);
        let last = (attempts > 0).then_some(LastAttempt::Interrupted);
        assert_eq!(mine.last_attempt, last);
        store.begin(mine.lease, NONE).await.unwrap();
        // Begun again under the same lease, it is the same attempt.
        store.begin(mine.lease, NONE).await.unwrap();
    }
    // It ends its process each time: after the last attempt it is dead.
    let found = store.lease(request(5, LONG)).await.unwrap();
    assert!(found.leases.is_empty());
    assert_eq!(found.dead.len(), 1);
    assert_eq!(found.dead[0].attempts, 3);
    assert_eq!(found.dead[0].key.as_deref(), Some("a"));
    assert_eq!(states(store).await, [State::Dead]);
}

pub(crate) async fn an_interrupted_event_is_held_if_asked_for(store: &dyn InboxStore) {
    let id = keep(store, entry("a")).await;
    let hold = || LeaseRequest {
        interrupted: Interrupted::Hold,
        ..request(5, NONE)
    };
    // One that was only leased is not held: its handler was never called.
    store.lease(hold()).await.unwrap();
    let mine = store.lease(hold()).await.unwrap().leases.remove(0);
    store.begin(mine.lease, NONE).await.unwrap();
    let found = store.lease(hold()).await.unwrap();
    assert_eq!((found.leases.len(), found.held), (0, 1));
    let late = store.settle(mine.lease, Outcome::Done).await.unwrap();
    assert_eq!(late, Held::Lost, "a person decides now");
    assert_eq!(states(store).await, [State::Held]);
    assert_eq!(store.depth().await.unwrap().held, 1);
    assert_eq!(store.redrive(Selection::Ids(vec![id])).await.unwrap(), 1);
    let again = lease(store, 5, LONG).await.remove(0);
    assert_eq!(again.last_attempt, Some(LastAttempt::Interrupted));
}

/// SQL has no unsigned numbers.
pub(crate) async fn an_id_that_no_store_counts_to_is_unknown(store: &dyn InboxStore) {
    keep(store, entry("a")).await;
    let lease = lease(store, 1, LONG).await.remove(0).lease;
    for large in [i64::MAX.cast_unsigned(), u64::MAX] {
        assert_eq!(store.body(large).await.unwrap(), None);
        let unknown = LeaseId { id: large, ..lease };
        assert_eq!(store.begin(unknown, LONG).await.unwrap(), Held::Lost);
        let unknown = LeaseId {
            fence: large,
            ..lease
        };
        let late = store.settle(unknown, Outcome::Done).await.unwrap();
        assert_eq!(late, Held::Lost);
        let ids = Selection::Ids(vec![large]);
        assert_eq!(store.redrive(ids).await.unwrap(), 0);
        let query = Query {
            after: large,
            limit: 10,
            ..Query::default()
        };
        assert!(store.list(query).await.unwrap().is_empty());
    }
    assert_eq!(states(store).await, [State::Leased]);
}

pub(crate) async fn events_of_one_key_come_one_after_the_other(store: &dyn InboxStore) {
    keep(store, ordered("a1", "a")).await;
    keep(store, ordered("a2", "a")).await;
    keep(store, ordered("b1", "b")).await;
    keep(store, entry("free")).await;
    keep(store, ordered("a3", "a")).await;
    let first = lease(store, 10, LONG).await;
    assert_eq!(keys(&first), ["a1", "b1", "free"]);
    // A failing one holds those after it, and only those.
    let again = Outcome::Again(NONE, "x".to_owned());
    store.begin(first[0].lease, LONG).await.unwrap();
    store.settle(first[0].lease, again).await.unwrap();
    store.settle(first[1].lease, Outcome::Done).await.unwrap();
    let second = lease(store, 10, LONG).await;
    assert_eq!(keys(&second), ["a1"]);
    let later = Outcome::Again(LONG, "x".to_owned());
    store.settle(second[0].lease, later).await.unwrap();
    assert!(lease(store, 10, LONG).await.is_empty());
    keep(store, ordered("b2", "b")).await;
    assert_eq!(keys(&lease(store, 10, LONG).await), ["b2"]);
}

pub(crate) async fn after_a_dead_event_the_next_of_its_key_comes(store: &dyn InboxStore) {
    for key in ["a1", "a2", "a3"] {
        keep(store, ordered(key, "a")).await;
    }
    let first = lease(store, 10, LONG).await.remove(0);
    let dead = Outcome::Dead("broken".to_owned());
    assert_eq!(store.settle(first.lease, dead).await.unwrap(), Held::Yes);
    let second = lease(store, 10, LONG).await;
    assert_eq!(keys(&second), ["a2"]);
    // Redriven while another one of its key runs, it waits for that.
    assert_eq!(store.redrive(Selection::All).await.unwrap(), 1);
    assert!(lease(store, 10, LONG).await.is_empty(), "two of a key run");
    store.settle(second[0].lease, Outcome::Done).await.unwrap();
    let mut rest = Vec::new();
    for _ in 0..2 {
        let next = lease(store, 10, LONG).await;
        assert_eq!(next.len(), 1);
        store.settle(next[0].lease, Outcome::Done).await.unwrap();
        rest.extend(keys(&next));
    }
    rest.sort();
    assert_eq!(rest, ["a1", "a3"]);
}

pub(crate) async fn of_many_who_keep_and_lease_at_once_each_event_goes_to_one(
    store: &dyn InboxStore,
) {
    let kept = (0..200).map(|n| store.keep(ordered(&(n % 100).to_string(), &(n % 7).to_string())));
    let mut new = 0;
    for outcome in futures_util::future::join_all(kept).await {
        new += usize::from(matches!(outcome.unwrap(), KeepOutcome::New(_)));
    }
    assert_eq!(new, 100);
    let mut seen = std::collections::BTreeMap::<String, Vec<u64>>::new();
    for _ in 0..200 {
        let asked = (0..4).map(|_| lease(store, 3, LONG));
        let leases: Vec<Lease> = futures_util::future::join_all(asked).await.concat();
        let mut orders: Vec<_> = leases.iter().map(|it| &it.entry.order_key).collect();
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), leases.len(), "two of one key at once");
        for lease in &leases {
            let order = lease.entry.order_key.clone().unwrap();
            seen.entry(order).or_default().push(lease.lease.id);
        }
        let settled = leases
            .iter()
            .map(|it| store.settle(it.lease, Outcome::Done));
        for held in futures_util::future::join_all(settled).await {
            assert_eq!(held.unwrap(), Held::Yes);
        }
        if leases.is_empty() {
            break;
        }
    }
    let handled: usize = seen.values().map(Vec::len).sum();
    assert_eq!(handled, 100);
    for (order, ids) in seen {
        assert!(ids.is_sorted(), "{order}: {ids:?}");
    }
}
