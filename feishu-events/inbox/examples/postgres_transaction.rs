//! A handler whose effect happens exactly once: it settles its event in the transaction that writes its
//! own data.
//!
//! ```sh
//! POSTGRES_URL=postgres://user:password@127.0.0.1:5432/database \
//!     cargo run -p feishu-events-inbox --features postgres --example postgres_transaction
//! ```
//!
//! Twenty messages are kept. The handler writes a row for each, and fails for some of them: before its
//! commit, so that it is called again, or after it, so that it is not. In the end there is one row for
//! each message.
#![allow(clippy::print_stdout, reason = "it is an example")]

use std::time::Duration;

use deadpool_postgres::{Manager, Pool};
use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Context, State, Webhook, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Inbox, PostgresStore, Retry};
use tokio_postgres::NoTls;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// What the handler needs: the inbox's tables and its own, in one database.
#[derive(Clone)]
struct App {
    inbox: PostgresStore,
    database: Pool,
}

#[feishu_handler("im.message.receive_v1")]
async fn on_message(
    event: im::MessageReceiveV1,
    context: Context,
    State(app): State<App>,
) -> Result<(), Error> {
    let id = event
        .message
        .and_then(|message| message.message_id)
        .unwrap_or_default();
    let mut client = app.database.get().await?;
    let transaction = client.transaction().await?;
    let insert = "INSERT INTO feishu_example_answers (message_id) VALUES ($1)";
    transaction.execute(insert, &[&id]).await?;
    app.inbox.settle_in(&transaction, &context.delivery).await?;
    if id.ends_with('3') && !context.delivery.is_repetition() {
        // Without a commit, the row and the settlement are rolled back.
        println!("{id}: failed before its commit, and is called again");
        return Err("no luck".into());
    }
    transaction.commit().await?;
    if id.ends_with('7') {
        println!("{id}: failed after its commit, and is not called again");
        return Err("too late to matter".into());
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("POSTGRES_URL")
        .map_err(|_| "set POSTGRES_URL=postgres://user:password@host:5432/database")?;
    let inbox = PostgresStore::connect(&url).await?;
    let database = Pool::builder(Manager::new(url.parse()?, NoTls))
        .max_size(4)
        .build()?;
    let create = "CREATE TABLE IF NOT EXISTS feishu_example_answers (message_id text NOT NULL)";
    let client = database.get().await?;
    client.batch_execute(create).await?;

    let app = App {
        inbox: inbox.clone(),
        database: database.clone(),
    };
    let inbox = Inbox::builder(dispatcher![on_message].state(app))
        .retry(Retry::default().first(Duration::from_millis(200)))
        .build(inbox);
    let webhook = Webhook::builder(inbox.dispatcher())
        .verification_token("token")
        .build()?;
    let run = format!("om_{}", std::process::id());
    for number in 0..20 {
        let mut event = sample::<im::MessageReceiveV1>();
        if let Some(message) = &mut event.message {
            message.message_id = Some(format!("{run}_{number}"));
        }
        let request = EventRequest::new(&event).token("token").into_http();
        let response = webhook.handle(request.headers(), request.body()).await;
        assert_eq!(response.status(), 200, "not kept");
    }
    let workers = inbox.start();
    while inbox.depth().await?.unsettled() > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    workers.shut_down(Duration::from_secs(5)).await;
    let count = "SELECT count(*), count(DISTINCT message_id) FROM feishu_example_answers
         WHERE message_id LIKE $1 || '%'";
    let row = client.query_one(count, &[&format!("{run}_")]).await?;
    let (rows, messages): (i64, i64) = (row.get(0), row.get(1));
    println!("20 messages kept; {rows} rows of {messages} messages written");
    Ok(())
}
