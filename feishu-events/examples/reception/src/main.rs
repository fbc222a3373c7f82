//! The reception of a company: who is new gets a welcome, and a colleague who takes it over says so
//! by a button of a card.
//!
//! - [`app`]: the state of the app, its handlers, its receiver
//! - [`directory`]: who works here, from the events of `contact`
//! - [`welcomes`]: who is to be welcomed; messages to the bot from `im`, the button of a card
//! - [`rest`]: whatever else arrives
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run -p feishu-events-example-reception
//! ```

#![allow(clippy::print_stdout)] // it shows what happens

mod app;
mod directory;
mod rest;
#[cfg(test)]
mod tests;
mod welcomes;

use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::routing::post_service;
use feishu_events::serve;
use tokio::net::TcpListener;

use crate::app::App;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let secret = |name| std::env::var(name).unwrap_or_default();
    let webhook = app::webhook(
        App::default(),
        &secret("FEISHU_ENCRYPT_KEY"),
        &secret("FEISHU_VERIFICATION_TOKEN"),
    )
    .context("FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN")?;
    let routes = Router::new().route("/feishu", post_service(webhook.clone()));
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    println!("listening on http://{}/feishu", listener.local_addr()?);
    serve(listener, routes, async {
        // Without a signal handler, Ctrl-C ends the process.
        let _: std::io::Result<()> = tokio::signal::ctrl_c().await;
    })
    .await;
    let drained = webhook.shut_down(Duration::from_secs(10)).await;
    println!("{} events done", drained.finished);
    Ok(())
}
