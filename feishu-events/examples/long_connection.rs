//! Events over a long connection: without a public address, and with a shutdown that loses no events.
//!
//! ```text
//! FEISHU_APP_ID=cli_… FEISHU_APP_SECRET=… cargo run --example long_connection
//! ```
//!
//! `FEISHU_DOMAIN=lark` for an app of Lark; a URL for another platform, or for a gateway that plays
//! it. Ctrl-C ends it.

#![allow(clippy::print_stdout, clippy::unused_async)] // they show what happens, and await nothing

use std::env;

use anyhow::Context as _;
use feishu_events::{
    DeliveryOptions, Domain, LongConnection, contact, dispatcher, feishu_handler, im,
};

#[feishu_handler("im.message.receive_v1")]
async fn on_message(event: im::MessageReceiveV1) {
    let content = event.message.and_then(|message| message.content);
    println!("a message: {}", content.as_deref().unwrap_or("empty"));
}

#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(event: contact::UserCreatedV3) {
    let name = event.object.and_then(|user| user.name);
    println!("welcome, {}!", name.as_deref().unwrap_or("somebody"));
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Failed attempts to connect, failed handlers and refused events are only logged.
    tracing_subscriber::fmt::init();
    let domain = match env::var("FEISHU_DOMAIN").as_deref() {
        Ok("lark") => Domain::Lark,
        Ok("feishu") | Err(_) => Domain::Feishu,
        Ok(url) => Domain::Custom(url.to_owned()),
    };
    let (id, secret) = (required("FEISHU_APP_ID")?, required("FEISHU_APP_SECRET")?);
    let options = DeliveryOptions::new().on_late_failure(|failure| eprintln!("{failure}"));
    let connection = LongConnection::builder(id, secret)
        .domain(domain)
        .dispatcher(dispatcher![on_message, on_user_created])
        .delivery(options)
        // Messages of one chat are handled in the order in which they were sent.
        .in_order()
        .on_connected(|it| println!("connected: {:?}", it.connection))
        .on_disconnected(|it| println!("disconnected after {:.0?}: {}", it.lasted, it.failure))
        .on_reconnecting(|it| println!("again in {:.1?}: {}", it.after, it.failure))
        .build()
        .context("FEISHU_APP_ID, FEISHU_APP_SECRET or FEISHU_DOMAIN is not valid")?;

    // A health check would look at this.
    let mut status = connection.status();
    tokio::spawn(async move {
        while status.changed().await.is_ok() {
            println!("{}", status.borrow_and_update().state);
        }
    });

    let stopped = connection
        .run_until(async {
            // Without signals, it runs until the process is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await?;
    println!(
        "{} events arrived, {} finished during the shutdown, cut off: {:?}",
        stopped.status.events, stopped.drained.finished, stopped.drained.cut_off
    );
    Ok(())
}

fn required(variable: &str) -> anyhow::Result<String> {
    let value = env::var(variable).ok().filter(|value| !value.is_empty());
    value.with_context(|| {
        format!("{variable} must be set: the developer console shows it (Credentials & Basic Info)")
    })
}
