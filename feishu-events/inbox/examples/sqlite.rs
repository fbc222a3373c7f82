//! A bot whose events survive a crash, kept in a SQLite file. It needs nothing but this command:
//!
//! ```sh
//! cargo run -p feishu-events-inbox --example sqlite
//! ```
//!
//! The platform is one in a box, which sends ten messages of two chats. The handler fails at every
//! third message the first time. Stop it with Ctrl-C while it works and start it again: what was not
//! handled is.
#![allow(clippy::print_stdout, reason = "it is an example")]

use std::time::Duration;

use feishu_events::testing::gateway::Gateway;
use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Context, Dispatcher, Domain, LongConnection, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Inbox, Retry, SqliteStore};

#[feishu_handler("im.message.receive_v1")]
async fn on_message(event: im::MessageReceiveV1, context: Context) -> Result<(), &'static str> {
    let message = event.message.unwrap_or_default();
    let id = message.message_id.unwrap_or_default();
    let repeated = context.delivery.is_repetition();
    tokio::time::sleep(Duration::from_millis(200)).await;
    if id.ends_with(['0', '3', '6', '9']) && !repeated {
        println!("{id}: failed, and is tried again");
        return Err("no luck this time");
    }
    println!(
        "{id}: handled{}",
        if repeated {
            ", at the second attempt"
        } else {
            ""
        }
    );
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::ERROR)
        .init();
    let path = std::env::temp_dir().join("feishu-inbox-example.db");
    println!("events are kept in {}", path.display());

    let handlers: Dispatcher = dispatcher![on_message];
    let inbox = Inbox::builder(handlers)
        .in_order()
        .retry(Retry::default().first(Duration::from_secs(1)))
        .build(SqliteStore::open(path)?);
    println!(
        "left from the last run: {}",
        inbox.depth().await?.unsettled()
    );
    let workers = inbox.start();

    let gateway = Gateway::builder().start().await?;
    let bot = LongConnection::builder(gateway.app_id(), gateway.app_secret())
        .domain(Domain::Custom(gateway.domain().to_owned()))
        .dispatcher(inbox.dispatcher())
        .build()?;
    let bot = tokio::spawn(bot.run());
    gateway.connected(1).await;

    let run = std::process::id();
    for number in 0..10 {
        let mut event = sample::<im::MessageReceiveV1>();
        if let Some(message) = &mut event.message {
            message.message_id = Some(format!("om_{run}_{number}"));
            message.chat_id = Some(format!("oc_{}", number % 2));
        }
        let outcome = gateway.push_and_wait(&EventRequest::new(&event)).await;
        println!("om_{run}_{number}: {outcome}");
    }
    while inbox.depth().await?.unsettled() > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("{}", serde_json::to_string(&inbox.depth().await?)?);
    bot.abort();
    workers.shut_down(Duration::from_secs(5)).await;
    Ok(())
}
