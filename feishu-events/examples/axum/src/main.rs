//! A webhook in an axum application, beside its other routes.
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run -p feishu-events-example-axum
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // they show what happens, and await nothing

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post_service};
use feishu_events::{NoSecret, Webhook, contact, dispatcher, feishu_handler};
use tokio::net::TcpListener;

#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(event: contact::UserCreatedV3) {
    let name = event.object.and_then(|user| user.name);
    println!("welcome, {}!", name.as_deref().unwrap_or("somebody"));
}

fn webhook(encrypt_key: &str, verification_token: &str) -> Result<Webhook, NoSecret> {
    Webhook::builder(dispatcher![on_user_created])
        .encrypt_key(encrypt_key)
        .verification_token(verification_token)
        .build()
}

fn routes(webhook: Webhook) -> Router {
    Router::new()
        .route("/", get(|| async { "this app listens to Feishu" }))
        .route("/feishu", post_service(webhook))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = |name| std::env::var(name).unwrap_or_default();
    let webhook = webhook(
        &secret("FEISHU_ENCRYPT_KEY"),
        &secret("FEISHU_VERIFICATION_TOKEN"),
    )?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on http://{}/feishu", listener.local_addr()?);
    axum::serve(listener, routes(webhook.clone()))
        .with_graceful_shutdown(async {
            // Without a signal handler the process ends at Ctrl-C by itself.
            let _: std::io::Result<()> = tokio::signal::ctrl_c().await;
        })
        .await?;
    let drained = webhook.shut_down(Duration::from_secs(10)).await;
    println!(
        "{} events done, cut off: {:?}",
        drained.finished, drained.cut_off
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use feishu_events::testing::{EventRequest, sample};
    use tower_service::Service;

    use super::*;

    #[tokio::test]
    async fn an_event_reaches_its_handler_through_the_router() {
        let mut routes = routes(webhook("key", "token").unwrap());
        let event = sample::<contact::UserCreatedV3>();
        for (key, status) in [("key", 200), ("another", 401)] {
            let request = EventRequest::new(&event).token("token").encrypt_key(key);
            let mut request = request.into_http().map(Body::from);
            *request.uri_mut() = "/feishu".parse().unwrap();
            assert_eq!(routes.call(request).await.unwrap().status(), status);
        }
    }
}
