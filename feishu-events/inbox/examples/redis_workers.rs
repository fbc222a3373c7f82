//! Two worker processes behind one app, which share its events over Redis:
//!
//! ```sh
//! REDIS_URL=redis://127.0.0.1:6379 cargo run -p feishu-events-inbox --features redis \
//!     --example redis_workers
//! ```
//!
//! This program keeps forty events and starts itself twice as a worker. One of them is killed half-way
//! (`kill -9`): the other handles what it had.
#![allow(clippy::print_stdout, reason = "it is an example")]

use std::time::Duration;

use feishu_events::testing::{EventRequest, sample};
use feishu_events::{Context, Dispatcher, Webhook, dispatcher, feishu_handler, im};
use feishu_events_inbox::{Inbox, RedisStore};
use tokio::process::Command;

type Error = Box<dyn std::error::Error>;

#[feishu_handler("im.message.receive_v1")]
async fn on_message(event: im::MessageReceiveV1, context: Context) {
    let id = event.message.and_then(|message| message.message_id);
    let again = if context.delivery.is_repetition() {
        ", which another had begun"
    } else {
        ""
    };
    println!(
        "worker {}: {}{again}",
        std::process::id(),
        id.unwrap_or_default()
    );
    tokio::time::sleep(Duration::from_millis(200)).await;
}

async fn inbox() -> Result<Inbox, Error> {
    let url = std::env::var("REDIS_URL").unwrap_or("redis://127.0.0.1:6379".to_owned());
    let store = RedisStore::connect_with_prefix(&url, "feishu-inbox-example").await?;
    let handlers: Dispatcher = dispatcher![on_message];
    Ok(Inbox::builder(handlers)
        .workers(2)
        .lease_time(Duration::from_secs(2))
        .build(store))
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let inbox = inbox().await?;
    if std::env::args().nth(1).as_deref() == Some("worker") {
        let _workers = inbox.start();
        return std::future::pending().await;
    }
    let webhook = Webhook::builder(inbox.dispatcher())
        .verification_token("token")
        .build()?;
    let run = std::process::id();
    for number in 0..40 {
        let mut event = sample::<im::MessageReceiveV1>();
        if let Some(message) = &mut event.message {
            message.message_id = Some(format!("om_{run}_{number}"));
        }
        let request = EventRequest::new(&event).token("token").into_http();
        let response = webhook.handle(request.headers(), request.body()).await;
        assert_eq!(response.status(), 200, "not kept");
    }
    println!("40 events are kept");
    let worker = || {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("worker").kill_on_drop(true).spawn()
    };
    let (mut first, _second) = (worker()?, worker()?);
    tokio::time::sleep(Duration::from_secs(1)).await;
    println!("kill -9 of worker {}", first.id().unwrap_or_default());
    first.kill().await?;
    while inbox.depth().await?.unsettled() > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!("{}", serde_json::to_string(&inbox.depth().await?)?);
    Ok(())
}
