//! A webhook on hyper alone, with time limits and a shutdown that loses no events: what
//! `feishu_events::serve` does, for programs that need a server of their own.
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run --example hyper
//! ```
//!
//! Then, from another terminal, with the same secrets:
//!
//! ```text
//! cargo xtask send contact.user.created_v3 --to http://127.0.0.1:3000/
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // they show what happens, and await nothing

use std::time::Duration;

use anyhow::Context as _;
use feishu_events::{DeliveryOptions, Webhook, contact, dispatcher, feishu_handler};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(event: contact::UserCreatedV3) {
    let name = event.object.and_then(|user| user.name);
    println!("welcome, {}!", name.as_deref().unwrap_or("somebody"));
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let options = DeliveryOptions::new().on_late_failure(|failure| eprintln!("{failure}"));
    let webhook = Webhook::builder(dispatcher![on_user_created])
        .encrypt_key(std::env::var("FEISHU_ENCRYPT_KEY").unwrap_or_default())
        .verification_token(std::env::var("FEISHU_VERIFICATION_TOKEN").unwrap_or_default())
        .delivery(options)
        .build()
        .context("FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN")?;
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    println!("listening on http://{}/", listener.local_addr()?);
    let connections = GracefulShutdown::new();
    tokio::select! {
        result = serve(&listener, &webhook, &connections) => result?,
        result = tokio::signal::ctrl_c() => result?,
    }
    // Requests get time to finish; a client that has sent half a head does not hold up the end.
    let ended = tokio::time::timeout(Duration::from_secs(10), connections.shutdown());
    if ended.await.is_err() {
        println!("some connections did not end in time");
    }
    let drained = webhook.shut_down(Duration::from_secs(10)).await;
    println!(
        "{} events done, cut off: {:?}",
        drained.finished, drained.cut_off
    );
    Ok(())
}

async fn serve(
    listener: &TcpListener,
    webhook: &Webhook,
    connections: &GracefulShutdown,
) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(webhook.clone());
        let connection = http1::Builder::new()
            // hyper only limits how long the head of a request takes if it has a timer.
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(30))
            // By default, each connection may keep 400 KiB.
            .max_buf_size(32 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connections.watch(connection));
    }
}
