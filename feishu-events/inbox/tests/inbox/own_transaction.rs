//! A handler settles its event in the transaction that writes its own data.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use feishu_events::{Context, State as AppState, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Held, Inbox, InboxStore as _, Outcome, PostgresStore, Retry};

use crate::servers::postgres::{self, Postgres};
use crate::{eventually, message, post, settled, webhook};

#[derive(Clone)]
struct App {
    inbox: PostgresStore,
    url: Arc<str>,
    calls: Arc<AtomicUsize>,
}

/// Fails at the first call after its commit, at the second before it.
#[feishu_handler("im.message.receive_v1")]
async fn on_message(
    event: im::MessageReceiveV1,
    context: Context,
    AppState(app): AppState<App>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let call = app.calls.fetch_add(1, Ordering::SeqCst);
    let connecting = tokio_postgres::connect(&app.url, tokio_postgres::NoTls);
    let (mut client, connection) = connecting.await?;
    tokio::spawn(connection);
    let transaction = client.transaction().await?;
    let id = event.message.and_then(|message| message.message_id);
    let insert = "INSERT INTO own_data VALUES ($1)";
    transaction.execute(insert, &[&id]).await?;
    app.inbox.settle_in(&transaction, &context.delivery).await?;
    // The lease is extended meanwhile, and that does not wait for this transaction.
    tokio::time::sleep(Duration::from_millis(400)).await;
    if call == 1 {
        return Err("before the commit".into());
    }
    transaction.commit().await?;
    if call == 0 {
        return Err("after the commit".into());
    }
    Ok(())
}

async fn count(server: &Postgres, id: &str) -> String {
    let sql = format!("SELECT count(*)::text FROM own_data WHERE id = '{id}'");
    server.ask(&sql).await.unwrap()
}

#[tokio::test]
async fn data_written_with_the_settlement_is_written_once() {
    let Some(server) = postgres::shared().await else {
        return;
    };
    let create = "CREATE TABLE own_data (id text)";
    let connecting = server.url();
    let (client, connection) = tokio_postgres::connect(&connecting, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    client.batch_execute(create).await.unwrap();
    let store = PostgresStore::connect_with_schema(&server.url(), "own_transaction")
        .await
        .unwrap();
    let app = App {
        inbox: store.clone(),
        url: server.url().into(),
        calls: Arc::default(),
    };
    let inbox = Inbox::builder(dispatcher![on_message].state(app.clone()))
        .retry(Retry::default().first(Duration::from_millis(1)))
        .lease_time(Duration::from_millis(300))
        .build(store.clone());
    let _workers = inbox.start();
    let receiver = webhook(&inbox);
    assert_eq!(post(&receiver, &message("om_1", "oc_1")).await, 200);
    settled(&inbox).await;
    assert_eq!(app.calls.load(Ordering::SeqCst), 1, "it was settled");
    assert_eq!(count(&server, "om_1").await, "1");

    assert_eq!(post(&receiver, &message("om_2", "oc_1")).await, 200);
    settled(&inbox).await;
    let calls = || app.calls.load(Ordering::SeqCst);
    eventually("it is tried again", async || calls() == 3).await;
    assert_eq!(
        count(&server, "om_2").await,
        "1",
        "the first was rolled back"
    );
    assert!(inbox.status().is_healthy(), "{:?}", inbox.status());
}

#[tokio::test]
async fn under_a_lease_that_is_lost_the_transaction_is_refused() {
    let Some(server) = postgres::shared().await else {
        return;
    };
    let store = PostgresStore::connect_with_schema(&server.url(), "lost_transaction")
        .await
        .unwrap();
    store.keep(crate::suite::entry("a")).await.unwrap();
    let lease = async |time| {
        let request = crate::suite::request(1, time);
        store.lease(request).await.unwrap().leases.remove(0).lease
    };
    let old = lease(Duration::ZERO).await;
    let new = lease(Duration::from_secs(60)).await;
    let url = server.url();
    let (mut client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
        .await
        .unwrap();
    tokio::spawn(connection);
    let delivery = |lease: feishu_events_inbox::LeaseId| {
        let kept = feishu_events::Kept::new(lease.id, lease.fence);
        let now = std::time::SystemTime::now();
        feishu_events::Delivery::of_kept(feishu_events::Transport::Webhook, now, kept)
    };
    let transaction = client.transaction().await.unwrap();
    let refused = store.settle_in(&transaction, &delivery(old)).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("roll the transaction back"), "{refused}");
    store.settle_in(&transaction, &delivery(new)).await.unwrap();
    transaction.commit().await.unwrap();
    let settled = store.settle(new, Outcome::Done).await.unwrap();
    assert_eq!(settled, Held::AlreadyDone);
}
