//! What an operator sees and does.

use feishu_events_inbox::ErrorKind;

use super::*;

pub(crate) async fn dead_events_are_listed_redriven_and_purged(store: &dyn InboxStore) {
    let mut ids = Vec::new();
    for key in ["a", "b", "c"] {
        let hour = Duration::from_secs(3600 * (1 + ids.len() as u64));
        let received_at = SystemTime::UNIX_EPOCH + hour;
        let entry = Entry {
            received_at,
            ..entry(key)
        };
        ids.push(keep(store, entry).await);
    }
    for lease in lease(store, 10, LONG).await {
        store.begin(lease.lease, LONG).await.unwrap();
        let dead = Outcome::Dead("broken for good".to_owned());
        store.settle(lease.lease, dead).await.unwrap();
    }
    let query = |after| Query {
        states: vec![State::Dead],
        after,
        id: None,
        limit: 2,
    };
    let page = store.list(query(0)).await.unwrap();
    assert_eq!(page.len(), 2);
    assert_eq!(page[0].id, ids[0]);
    assert_eq!(page[0].reason.as_deref(), Some("broken for good"));
    assert_eq!(page[0].event_type, "im.message.receive_v1");
    assert_eq!(page[0].tenant_key.as_deref(), Some("2ca1"));
    assert_eq!(page[0].worker.as_deref(), Some("w1"));
    assert_eq!(page[0].attempts, 1);
    let next = store.list(query(page[1].id)).await.unwrap();
    assert_eq!(next.len(), 1);
    let one = Query {
        id: Some(ids[1]),
        limit: 10,
        ..Query::default()
    };
    assert_eq!(store.list(one).await.unwrap()[0].id, ids[1]);
    assert_eq!(store.body(ids[1]).await.unwrap(), Some(entry("b").body));
    let known = store.keep(entry("a")).await.unwrap();
    assert_eq!(known, KeepOutcome::Known(State::Dead));

    let hour = |hours: u64| SystemTime::UNIX_EPOCH + Duration::from_secs(3600 * hours);
    let second = Selection::Received(hour(2), hour(3));
    assert_eq!(store.redrive(second.clone()).await.unwrap(), 1);
    assert_eq!(store.redrive(second).await.unwrap(), 0);
    let again = lease(store, 10, LONG).await.remove(0);
    assert_eq!(again.lease.id, ids[1]);
    assert_eq!(again.attempts, 0, "with all its attempts");
    assert_eq!(again.last_attempt, Some(LastAttempt::Failed));

    let busy = store
        .purge(State::Leased, Selection::All)
        .await
        .unwrap_err();
    assert!(matches!(busy.kind(), ErrorKind::Invalid(_)), "{busy}");
    let first = Selection::Ids(vec![ids[0], 77_777]);
    assert_eq!(store.purge(State::Dead, first).await.unwrap(), 1);
    assert_eq!(store.purge(State::Dead, Selection::All).await.unwrap(), 1);
    assert_eq!(states(store).await, [State::Leased]);
    // Its key is gone too.
    keep(store, entry("a")).await;
    assert_eq!(
        store.purge(State::Waiting, Selection::All).await.unwrap(),
        1
    );
    assert!(lease(store, 10, LONG).await.is_empty());
}

pub(crate) async fn purging_one_of_a_key_lets_the_next_through(store: &dyn InboxStore) {
    let id = keep(store, ordered("a1", "a")).await;
    keep(store, ordered("a2", "a")).await;
    let first = Selection::Ids(vec![id]);
    assert_eq!(store.purge(State::Waiting, first).await.unwrap(), 1);
    assert_eq!(keys(&lease(store, 10, LONG).await), ["a2"]);
}

pub(crate) async fn settled_events_are_forgotten_in_their_time(store: &dyn InboxStore) {
    for key in ["done", "dead", "waiting"] {
        keep(store, entry(key)).await;
    }
    let leases = lease(store, 2, LONG).await;
    store.settle(leases[0].lease, Outcome::Done).await.unwrap();
    let dead = Outcome::Dead("x".to_owned());
    store.settle(leases[1].lease, dead).await.unwrap();
    assert_eq!(store.forget(LONG, LONG, 100).await.unwrap(), 0);
    assert_eq!(store.forget(NONE, LONG, 100).await.unwrap(), 1);
    assert_eq!(states(store).await, [State::Dead, State::Waiting]);
    keep(store, entry("done")).await;
    assert_eq!(store.forget(NONE, NONE, 100).await.unwrap(), 1);
    assert_eq!(states(store).await, [State::Waiting, State::Waiting]);
}

pub(crate) async fn the_depth_counts_each_state_and_the_age(store: &dyn InboxStore) {
    let empty = store.depth().await.unwrap();
    assert_eq!((empty.unsettled(), empty.oldest), (0, None));
    for key in ["a", "b", "c", "d", "e"] {
        let entry = Entry {
            received_at: SystemTime::now() - Duration::from_secs(60),
            ..entry(key)
        };
        keep(store, entry).await;
    }
    let leases = lease(store, 4, LONG).await;
    store.begin(leases[1].lease, LONG).await.unwrap();
    store.settle(leases[2].lease, Outcome::Done).await.unwrap();
    let dead = Outcome::Dead("x".to_owned());
    store.settle(leases[3].lease, dead).await.unwrap();
    let depth = store.depth().await.unwrap();
    let counts = [
        depth.waiting,
        depth.leased,
        depth.begun,
        depth.done,
        depth.dead,
    ];
    assert_eq!(counts, [1; 5]);
    let oldest = depth.oldest.unwrap().as_secs();
    assert!((50..=90).contains(&oldest), "{oldest}");
}
