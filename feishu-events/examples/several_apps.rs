//! Several apps in one process, each with its own secrets, state and path.
//!
//! ```text
//! FEISHU_APPS=shop,works \
//! FEISHU_SHOP_ENCRYPT_KEY=… FEISHU_WORKS_ENCRYPT_KEY=… cargo run --example several_apps
//! ```
//!
//! Then, from another terminal:
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… cargo xtask send im.chat.disbanded_v1 --to http://127.0.0.1:3000/shop
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // it shows what happens, and awaits nothing

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::routing::post_service;
use feishu_events::{
    DeliveryOptions, Event, Header, State, Webhook, WebhookBuildError, dispatcher, feishu_handler,
    serve,
};
use tokio::net::TcpListener;

/// What one app needs while it runs.
#[derive(Clone)]
struct App {
    name: Arc<str>,
    events: Arc<AtomicU64>,
}

#[feishu_handler("im.chat.*")]
async fn on_chat(event: Event, header: Header, State(app): State<App>) {
    let number = app.events.fetch_add(1, Ordering::Relaxed) + 1;
    println!("{} #{number}: {}", app.name, header.event_type);
    if let Event::ImChatDisbandedV1(disbanded) = event {
        println!("  it was called {:?}", disbanded.name.as_deref());
    }
}

/// The receiver of one app. Its secrets are its own: no app takes the events of another.
fn receiver(
    app: App,
    encrypt_key: &str,
    options: &DeliveryOptions,
) -> Result<Webhook, WebhookBuildError> {
    Webhook::builder(dispatcher![on_chat].state(app))
        .encrypt_key(encrypt_key)
        .delivery(options.clone())
        .build()
}

/// The environment variable with the encrypt key of an app.
fn key_variable(app: &str) -> String {
    format!("FEISHU_{}_ENCRYPT_KEY", app.to_uppercase())
}

/// The receivers by name; `key_of` returns the encrypt key of an app.
fn receivers(
    names: &str,
    key_of: impl Fn(&str) -> String,
) -> anyhow::Result<BTreeMap<String, Webhook>> {
    // Clones of one set of options share the memory of handled events; keys have the app in them.
    let options = DeliveryOptions::new().concurrency_limit(64);
    let names = names.split(',').map(str::trim);
    let receivers = names.filter(|name| !name.is_empty()).map(|name| {
        let app = App {
            name: name.into(),
            events: Arc::default(),
        };
        let webhook = receiver(app, &key_of(name), &options);
        let webhook = webhook.with_context(|| key_variable(name))?;
        Ok((name.to_owned(), webhook))
    });
    receivers.collect()
}

fn routes(receivers: &BTreeMap<String, Webhook>) -> Router {
    let mut routes = Router::new();
    for (name, webhook) in receivers {
        routes = routes.route(&format!("/{name}"), post_service(webhook.clone()));
    }
    routes
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let apps = std::env::var("FEISHU_APPS")
        .context("FEISHU_APPS must name the apps: FEISHU_APPS=shop,works")?;
    let receivers = receivers(&apps, |name| {
        std::env::var(key_variable(name)).unwrap_or_default()
    })?;
    let listener = TcpListener::bind("127.0.0.1:3000")
        .await
        .context("127.0.0.1:3000")?;
    for name in receivers.keys() {
        println!("listening on http://{}/{name}", listener.local_addr()?);
    }
    serve(listener, routes(&receivers), async {
        // Without a signal handler, Ctrl-C ends the process.
        let _: std::io::Result<()> = tokio::signal::ctrl_c().await;
    })
    .await;
    for (name, webhook) in receivers {
        let drained = webhook.shut_down(Duration::from_secs(10)).await;
        println!("{name}: cut off {:?}", drained.cut_off);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use feishu_events::EventType;
    use feishu_events::testing::EventRequest;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn each_app_takes_its_own_events_only() {
        let receivers = receivers("shop, works", |name| format!("key of {name}")).unwrap();
        let routes = routes(&receivers);
        for (path, key, status) in [
            ("/shop", "key of shop", 200),
            ("/works", "key of works", 200),
            ("/works", "key of shop", 401),
            ("/elsewhere", "key of shop", 404),
        ] {
            let event = EventRequest::from_sample(EventType::ImChatDisbandedV1).unwrap();
            let mut request = event.encrypt_key(key).into_http().map(Body::from);
            *request.uri_mut() = path.parse().unwrap();
            let response = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), status, "{path} with the {key}");
        }
    }

    #[test]
    fn an_app_without_a_key_is_named() {
        let problem = receivers("shop", |_| String::new()).unwrap_err();
        // As `main` prints it.
        let shown = format!("{problem:?}");
        assert!(shown.starts_with("FEISHU_SHOP_ENCRYPT_KEY"), "{shown}");
        assert!(
            shown.contains("a webhook needs the app's encrypt key"),
            "{shown}"
        );
    }
}
