//! A store that is away for ten seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use feishu_events_inbox::InboxStore;

use crate::{App, deliver, message, post, quick, settled, webhook};

/// Events arrive while the store is away: none is acknowledged, each answer comes in time, and the
/// status says which store it is and `what_to_do`. All arrive afterwards, and are handled once.
async fn nothing_is_acknowledged_and_all_arrive_afterwards(
    store: Arc<dyn InboxStore>,
    what_to_do: &str,
    leave: impl AsyncFnOnce(),
    come_back: impl AsyncFnOnce(),
) {
    let app = App::default();
    let name = store.name().to_owned();
    let inbox = quick(&app).in_order().build(store);
    let receiver = webhook(&inbox);
    let _workers = inbox.start();
    let event = |number| message(&format!("om_{number}"), &format!("oc_{}", number % 3));
    for number in 0..5 {
        deliver(&receiver, &event(number)).await;
    }
    settled(&inbox).await;
    assert!(inbox.status().is_healthy());

    leave().await;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(10) {
        let posts = (5..25).map(async |number| {
            let posted = Instant::now();
            let answer = post(&receiver, &event(number)).await;
            (answer, posted.elapsed())
        });
        for (answer, time) in futures_util::future::join_all(posts).await {
            assert_eq!(answer, 500, "acknowledged");
            assert!(
                time < Duration::from_secs(5),
                "the answer comes after {time:?}"
            );
        }
        let (_, why) = inbox.status().down.expect("the status says so");
        let names_it = why.starts_with(&format!("inbox {name}: "));
        assert!(names_it && why.contains(what_to_do), "{why}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(app.calls().len(), 5, "handled what was not kept");

    come_back().await;
    for number in 5..25 {
        deliver(&receiver, &event(number)).await;
    }
    settled(&inbox).await;
    assert!(inbox.status().is_healthy());
    let mut ids = app.ids();
    ids.sort();
    let mut expected: Vec<String> = (0..25).map(|number| format!("om_{number}")).collect();
    expected.sort();
    assert_eq!(ids, expected);
}

#[cfg(feature = "sqlite")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sqlite_file_that_another_process_has_locked() {
    let place = crate::places::Place::sqlite().await.unwrap();
    let crate::places::Place::Sqlite(folder) = &place else {
        panic!("{}", place.open().await.name())
    };
    let path = folder.path().join("inbox.db");
    let store = place.open().await;
    let other = rusqlite::Connection::open(path).unwrap();
    other.busy_timeout(Duration::from_secs(10)).unwrap();
    nothing_is_acknowledged_and_all_arrive_afterwards(
        store,
        "in time: is it overloaded",
        async || other.execute_batch("BEGIN IMMEDIATE").unwrap(),
        async || other.execute_batch("COMMIT").unwrap(),
    )
    .await;
}

#[cfg(feature = "redis")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_is_down() {
    let Some(server) = crate::servers::redis::start("always").await else {
        return;
    };
    let store = feishu_events_inbox::RedisStore::connect(&server.url()).await;
    let server = tokio::sync::Mutex::new(server);
    nothing_is_acknowledged_and_all_arrive_afterwards(
        Arc::new(store.unwrap()),
        "is the server running?",
        async || server.lock().await.kill(),
        async || server.lock().await.start_again().await,
    )
    .await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_down() {
    let Some(server) = crate::servers::postgres::start().await else {
        return;
    };
    let store = feishu_events_inbox::PostgresStore::connect(&server.url()).await;
    let server = tokio::sync::Mutex::new(server);
    nothing_is_acknowledged_and_all_arrive_afterwards(
        Arc::new(store.unwrap()),
        "is the server running?",
        async || server.lock().await.kill(),
        async || server.lock().await.start_again().await,
    )
    .await;
}
