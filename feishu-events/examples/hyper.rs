//! A webhook on bare hyper, which ends without losing events.
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
        .context("neither FEISHU_ENCRYPT_KEY nor FEISHU_VERIFICATION_TOKEN is set")?;
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    println!("listening on http://{}/", listener.local_addr()?);
    tokio::select! {
        result = serve(&listener, &webhook) => result?,
        result = tokio::signal::ctrl_c() => result?,
    }
    let drained = webhook.shut_down(Duration::from_secs(10)).await;
    println!(
        "{} events done, cut off: {:?}",
        drained.finished, drained.cut_off
    );
    Ok(())
}

async fn serve(listener: &TcpListener, webhook: &Webhook) -> std::io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let service = TowerToHyperService::new(webhook.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}
