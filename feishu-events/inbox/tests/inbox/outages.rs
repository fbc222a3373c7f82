//! Servers that are killed, refuse, or are full.

use std::collections::BTreeMap;
use std::time::Duration;

use feishu_events_inbox::{ErrorKind, InboxError, InboxStore};

use crate::{App, eventually, message, post, quick, settled, webhook};

/// A server that can be killed.
trait Killable {
    fn kill(&mut self);
    async fn start_again(&mut self);
}

macro_rules! killable {
    ($server:ty) => {
        impl Killable for $server {
            fn kill(&mut self) {
                <$server>::kill(self);
            }
            async fn start_again(&mut self) {
                <$server>::start_again(self).await;
            }
        }
    };
}

/// Sends events while the server is killed and started again, each until it is acknowledged; then each
/// has been handled, and more than once only if its handler learned it.
async fn loses_nothing(store: impl InboxStore, server: &mut impl Killable, events: usize) {
    let app = App::default();
    app.take(Duration::from_millis(2));
    let inbox = quick(&app)
        .in_order()
        .lease_time(Duration::from_secs(1))
        .build(store);
    let receiver = webhook(&inbox);
    let _workers = inbox.start();
    let sending = async {
        for some in (0..events).collect::<Vec<_>>().chunks(20) {
            let posts = some.iter().map(async |number| {
                let event = message(&format!("om_{number}"), &format!("oc_{}", number % 50));
                for attempt in 0.. {
                    if post(&receiver, &event).await == 200 {
                        return;
                    }
                    assert!(attempt < 400, "not acknowledged after 20 s");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            });
            futures_util::future::join_all(posts).await;
        }
    };
    let killing = async {
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_millis(200)).await;
            server.kill();
            tokio::time::sleep(Duration::from_millis(700)).await;
            server.start_again().await;
        }
    };
    futures_util::future::join(sending, killing).await;
    eventually("the store is up", async || inbox.depth().await.is_ok()).await;
    settled(&inbox).await;
    let mut handled = BTreeMap::<String, usize>::new();
    for (id, context) in app.calls() {
        let before = handled.entry(id.clone()).or_default();
        let repeated = context.delivery.is_repetition();
        assert!(*before == 0 || repeated, "{id} was handled twice unawares");
        *before += 1;
    }
    assert_eq!(handled.len(), events, "some were lost");
    assert!(inbox.status().is_healthy());
}

/// The error says which store it is and what to do, and nothing secret.
fn explains(error: &InboxError, kind: &ErrorKind, words: &str) {
    let text = error.to_string();
    assert_eq!(error.kind(), kind, "{text}");
    assert!(
        text.contains("127.0.0.1:") && text.contains(words),
        "{text}"
    );
    assert!(!text.contains("hush"), "{text}");
}

#[cfg(feature = "redis")]
mod redis {
    use super::*;
    use crate::servers::redis::{Redis, start};
    use crate::suite::{entry, request};
    use feishu_events_inbox::{KeepOutcome, RedisStore, Selection, State};

    killable!(Redis);

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_server_that_is_killed_under_load_loses_nothing() {
        let Some(mut server) = start("always").await else {
            return;
        };
        let store = RedisStore::connect(&server.url()).await.unwrap();
        loses_nothing(store, &mut server, 600).await;
    }

    #[tokio::test]
    async fn each_refusal_of_the_server_is_explained() {
        let Some(mut server) = start("no").await else {
            return;
        };
        let wrong = RedisStore::connect(&server.url_with("hush")).await;
        explains(
            &wrong.unwrap_err(),
            &ErrorKind::AccessDenied,
            "check user, password",
        );
        let store = RedisStore::connect(&server.url()).await.unwrap();

        server.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
        let full = store.keep(entry("full")).await.unwrap_err();
        explains(&full, &ErrorKind::Full, "free space");
        server.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;

        server.ask(&["REPLICAOF", "127.0.0.1", "1"]).await;
        let read_only = store.keep(entry("replica")).await.unwrap_err();
        explains(&read_only, &ErrorKind::ReadOnly, "writable");
        server.ask(&["REPLICAOF", "NO", "ONE"]).await;
        assert!(matches!(
            store.keep(entry("full")).await,
            Ok(KeepOutcome::New(_))
        ));

        server.ask(&["SET", "{newer}:schema", "7"]).await;
        let newer = RedisStore::connect_with_prefix(&server.url(), "newer").await;
        let (found, known) = (7, 1);
        let kind = ErrorKind::NewerSchema { found, known };
        explains(&newer.unwrap_err(), &kind, "update feishu-events-inbox");
        server.ask(&["LPUSH", "{other}:schema", "x"]).await;
        let other = RedisStore::connect_with_prefix(&server.url(), "other").await;
        explains(
            &other.unwrap_err(),
            &ErrorKind::NotAnInbox,
            "choose another",
        );

        server.kill();
        let gone = store.keep(entry("gone")).await.unwrap_err();
        explains(&gone, &ErrorKind::Unreachable, "is the server running?");
        let gone = RedisStore::connect(&server.url()).await.unwrap_err();
        explains(&gone, &ErrorKind::Unreachable, "is the server running?");
        let invalid = RedisStore::connect("http://:hush@nowhere")
            .await
            .unwrap_err();
        assert!(!invalid.to_string().contains("hush"), "{invalid}");
    }

    /// Many events of one key wait behind a failing one: a lease finds the others all the same.
    #[tokio::test]
    async fn a_blocked_key_hides_no_other() {
        let Some(server) = crate::servers::redis::shared().await else {
            return;
        };
        let store = RedisStore::connect_with_prefix(&server.url(), "blocked").await;
        let store = store.unwrap();
        for number in 0..300 {
            let event = crate::suite::ordered(&format!("a{number}"), "a");
            store.keep(event).await.unwrap();
        }
        store.keep(entry("other")).await.unwrap();
        let minute = Duration::from_secs(60);
        let leases = store.lease(request(10, minute)).await.unwrap().leases;
        let keys: Vec<_> = leases
            .iter()
            .filter_map(|it| it.entry.key.as_deref())
            .collect();
        assert_eq!(keys, ["a0", "other"]);
        let purged = store.purge(State::Waiting, Selection::All).await.unwrap();
        assert_eq!(purged, 299);
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;
    use crate::servers::postgres::{Postgres, start};
    use crate::suite::entry;
    use feishu_events_inbox::{KeepOutcome, PostgresStore};

    killable!(Postgres);

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_server_that_is_killed_under_load_loses_nothing() {
        let Some(mut server) = start().await else {
            return;
        };
        let store = PostgresStore::connect(&server.url()).await.unwrap();
        loses_nothing(store, &mut server, 600).await;
    }

    #[tokio::test]
    async fn each_refusal_of_the_server_is_explained() {
        let Some(mut server) = start().await else {
            return;
        };
        let wrong = PostgresStore::connect(&server.url_with("hush")).await;
        explains(
            &wrong.unwrap_err(),
            &ErrorKind::AccessDenied,
            "check user, password",
        );
        let store = PostgresStore::connect(&server.url()).await.unwrap();

        let connecting = server.url();
        let connecting = tokio_postgres::connect(&connecting, tokio_postgres::NoTls);
        let (client, connection) = connecting.await.unwrap();
        tokio::spawn(connection);
        let sql = async |sql: &str| client.batch_execute(sql).await.unwrap();

        sql("ALTER ROLE inbox SET default_transaction_read_only = on").await;
        let read_only = PostgresStore::connect(&server.url()).await.unwrap();
        let read_only = read_only.keep(entry("a")).await.unwrap_err();
        explains(&read_only, &ErrorKind::ReadOnly, "writable");
        sql("ALTER ROLE inbox RESET default_transaction_read_only").await;
        assert!(matches!(
            store.keep(entry("a")).await,
            Ok(KeepOutcome::New(_))
        ));

        sql("UPDATE feishu_inbox.inbox_version SET version = 9").await;
        let newer = PostgresStore::connect(&server.url()).await.unwrap_err();
        let (found, known) = (9, 1);
        let kind = ErrorKind::NewerSchema { found, known };
        explains(&newer, &kind, "update feishu-events-inbox");
        sql("CREATE SCHEMA other; CREATE TABLE other.event (x int)").await;
        let other = PostgresStore::connect_with_schema(&server.url(), "other").await;
        explains(
            &other.unwrap_err(),
            &ErrorKind::NotAnInbox,
            "choose another",
        );
        let odd = PostgresStore::connect_with_schema(&server.url(), "x\"; DROP").await;
        let odd = odd.unwrap_err().to_string();
        assert!(odd.contains("lower-case letters"), "{odd}");

        server.kill();
        let gone = store.keep(entry("gone")).await.unwrap_err();
        explains(&gone, &ErrorKind::Unreachable, "is the server running?");
        let gone = PostgresStore::connect(&server.url()).await.unwrap_err();
        explains(&gone, &ErrorKind::Unreachable, "is the server running?");
        let invalid = PostgresStore::connect("http://:hush@nowhere").await;
        let invalid = invalid.unwrap_err().to_string();
        assert!(!invalid.contains("hush"), "{invalid}");
    }
}
