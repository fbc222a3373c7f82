//! A webhook in an axum application, next to its other routes and with the same state.
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run -p feishu-events-example-axum
//! ```
//!
//! Then, from another terminal, with the same secrets:
//!
//! ```text
//! cargo xtask send contact.user.created_v3 --to http://127.0.0.1:3000/feishu
//! curl http://127.0.0.1:3000/
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // they show what happens, and await nothing

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract;
use axum::routing::{get, post_service};
use feishu_events::{
    State, Webhook, WebhookBuildError, contact, dispatcher, feishu_handler, serve,
};
use tokio::net::TcpListener;

/// What handlers and routes share.
#[derive(Clone, Default)]
struct App {
    welcomed: Arc<AtomicU64>,
}

#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(event: contact::UserCreatedV3, State(app): State<App>) {
    let name = event.object.and_then(|user| user.name);
    println!("welcome, {}!", name.as_deref().unwrap_or("somebody"));
    app.welcomed.fetch_add(1, Ordering::Relaxed);
}

async fn how_many(extract::State(app): extract::State<App>) -> String {
    format!("{} welcomed", app.welcomed.load(Ordering::Relaxed))
}

fn webhook(
    app: App,
    encrypt_key: &str,
    verification_token: &str,
) -> Result<Webhook, WebhookBuildError> {
    Webhook::builder(dispatcher![on_user_created].state(app))
        .encrypt_key(encrypt_key)
        .verification_token(verification_token)
        .build()
}

fn routes(app: App, webhook: Webhook) -> Router {
    Router::new()
        .route("/", get(how_many))
        .route("/feishu", post_service(webhook))
        .with_state(app)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // The reason for a refusal is only logged.
    tracing_subscriber::fmt::init();
    let secret = |name| std::env::var(name).unwrap_or_default();
    let app = App::default();
    let webhook = webhook(
        app.clone(),
        &secret("FEISHU_ENCRYPT_KEY"),
        &secret("FEISHU_VERIFICATION_TOKEN"),
    )
    .context("FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN")?;
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    println!("listening on http://{}/feishu", listener.local_addr()?);
    serve(listener, routes(app, webhook.clone()), async {
        // Without a signal handler, Ctrl-C ends the process.
        let _: std::io::Result<()> = tokio::signal::ctrl_c().await;
    })
    .await;
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
    use axum::http::Request;
    use feishu_events::testing::{EventRequest, sample};
    use http_body_util::BodyExt;
    use tower_service::Service;

    use super::*;

    #[tokio::test]
    async fn an_event_reaches_its_handler_through_the_router() {
        let app = App::default();
        let webhook = webhook(app.clone(), "key", "token").unwrap();
        let mut routes = routes(app, webhook);
        let event = sample::<contact::UserCreatedV3>();
        for (key, status) in [("key", 200), ("another", 401)] {
            let request = EventRequest::new(&event).token("token").encrypt_key(key);
            let mut request = request.into_http().map(Body::from);
            *request.uri_mut() = "/feishu".parse().unwrap();
            assert_eq!(routes.call(request).await.unwrap().status(), status);
        }
        let page = Request::get("/").body(Body::empty()).unwrap();
        let answer = routes.call(page).await.unwrap().into_body();
        let answer = answer.collect().await.unwrap().to_bytes();
        assert_eq!(answer, "1 welcomed");
    }
}
