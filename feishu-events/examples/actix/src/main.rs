//! A webhook in an actix-web application. actix-web has its own HTTP types, so the webhook is called
//! with headers and bytes.
//!
//! ```text
//! FEISHU_ENCRYPT_KEY=… FEISHU_VERIFICATION_TOKEN=… cargo run -p feishu-events-example-actix
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // they show what happens, and await nothing

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::rt::signal::ctrl_c;
use actix_web::rt::spawn;
use actix_web::web::{Bytes, Data, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, post};
use anyhow::Context as _;
use feishu_events::{Webhook, WebhookBuildError, contact, dispatcher, feishu_handler};
use http::{HeaderMap, HeaderName, HeaderValue};

#[feishu_handler("contact.user.created_v3")]
async fn on_user_created(event: contact::UserCreatedV3) {
    let name = event.object.and_then(|user| user.name);
    println!("welcome, {}!", name.as_deref().unwrap_or("somebody"));
}

/// Passes a request to the webhook; actix-web still uses version 0.2 of the crate `http`.
#[post("/feishu")]
async fn feishu(webhook: Data<Webhook>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let headers: HeaderMap = request
        .headers()
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        })
        .collect();
    let response = webhook.handle(&headers, &body).await;
    let status = StatusCode::from_u16(response.status().as_u16());
    HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        .content_type("application/json; charset=utf-8")
        .body(response.into_body())
}

fn webhook(encrypt_key: &str, verification_token: &str) -> Result<Webhook, WebhookBuildError> {
    Webhook::builder(dispatcher![on_user_created])
        .encrypt_key(encrypt_key)
        .verification_token(verification_token)
        .build()
}

fn configure(webhook: &Webhook, config: &mut ServiceConfig) {
    config
        .app_data(Data::new(webhook.clone()))
        .app_data(PayloadConfig::new(webhook.body_limit()))
        .service(feishu);
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let secret = |name| std::env::var(name).unwrap_or_default();
    let webhook = webhook(
        &secret("FEISHU_ENCRYPT_KEY"),
        &secret("FEISHU_VERIFICATION_TOKEN"),
    )
    .context("FEISHU_ENCRYPT_KEY, FEISHU_VERIFICATION_TOKEN")?;
    let app = webhook.clone();
    let server = HttpServer::new(move || App::new().configure(|config| configure(&app, config)))
        .disable_signals()
        .bind("127.0.0.1:3000")
        .context("127.0.0.1:3000")?
        .run();
    println!("listening on http://127.0.0.1:3000/feishu");
    let handle = server.handle();
    spawn(async move {
        if ctrl_c().await.is_ok() {
            // Handlers run in the runtimes of the workers, so they must be done before those end.
            let drained = webhook.shut_down(Duration::from_secs(10)).await;
            println!(
                "{} events done, cut off: {:?}",
                drained.finished, drained.cut_off
            );
            handle.stop(true).await;
        }
    });
    Ok(server.await?)
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service};
    use feishu_events::testing::{EventRequest, sample};

    use super::*;

    #[actix_web::test]
    async fn an_event_reaches_its_handler_through_the_app() {
        let webhook = webhook("key", "token").unwrap();
        let app = App::new().configure(|config| configure(&webhook, config));
        let app = init_service(app).await;
        let event = sample::<contact::UserCreatedV3>();
        for (key, status) in [("key", 200), ("another", 401)] {
            let request = EventRequest::new(&event).token("token").encrypt_key(key);
            let (head, body) = request.into_http().into_parts();
            let mut request = TestRequest::post().uri("/feishu").set_payload(body);
            for (name, value) in &head.headers {
                request = request.insert_header((name.as_str(), value.as_bytes()));
            }
            let response = call_service(&app, request.to_request()).await;
            assert_eq!(response.status(), status);
        }
    }
}
