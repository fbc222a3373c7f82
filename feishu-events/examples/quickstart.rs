//! The path of an event, on this machine: a webhook receiver on a loopback port, an event that is
//! encrypted and signed as the platform does it, and the handler that receives it.
//!
//! ```text
//! cargo run --example quickstart
//! ```

#![allow(clippy::print_stdout, clippy::unused_async)] // it shows what happens, and awaits nothing

use std::convert::Infallible;

use anyhow::bail;
use bytes::Bytes;
use feishu_events::{Context, Webhook, contact, dispatcher, feishu_handler, testing};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

const ENCRYPT_KEY: &str = "an invented encrypt key";
const VERIFICATION_TOKEN: &str = "an invented verification token";

#[feishu_handler("contact.department.updated_v3")]
async fn on_department_updated(event: contact::DepartmentUpdatedV3, context: Context) {
    println!(
        "event {} arrived:",
        context.header.event_id.as_deref().unwrap_or("without id")
    );
    let (Some(new), Some(old)) = (event.object, event.old_object) else {
        return;
    };
    println!(
        "  name:    {:?}, was {:?}",
        new.name.as_deref(),
        old.name.as_deref()
    );
    println!("  order:   {:?}, was {:?}", new.order, old.order);
    for leader in new.leaders.unwrap_or_default() {
        println!(
            "  leader:  {:?} of type {:?}",
            leader.leader_id.as_deref(),
            leader.leader_type
        );
    }
    for report in &context.reports {
        println!("  not as documented: {report}");
    }
}

const EVENT: &str = r#"{
    "schema": "2.0",
    "header": {
        "event_id": "0f1e2d3c4b5a",
        "event_type": "contact.department.updated_v3",
        "create_time": "1750000000000",
        "token": "an invented verification token",
        "app_id": "cli_0123456789abcdef",
        "tenant_key": "an invented tenant"
    },
    "event": {
        "object": {
            "name": "Lighthouse keepers",
            "order": "100",
            "leaders": [{ "leaderType": 1, "leaderID": "ou_keeper" }]
        },
        "old_object": { "name": "Lamp lighters", "order": 90 }
    }
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let dispatcher = dispatcher![on_department_updated];
    println!("To receive the events of its handlers, this app needs");
    for event_type in dispatcher.event_types() {
        println!("  for {event_type}, one of these scopes:");
        for scope in event_type.scopes() {
            let history = if scope.history {
                " (can no longer be applied for)"
            } else {
                ""
            };
            println!("    {}{history}", scope.name);
        }
    }

    let webhook = Webhook::builder(dispatcher)
        .encrypt_key(ENCRYPT_KEY)
        .verification_token(VERIFICATION_TOKEN)
        .build()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    println!("\nListening on http://{address}, and sending an event there:");
    tokio::spawn(serve(listener, webhook));

    let request = testing::encrypted_request(ENCRYPT_KEY, EVENT.as_bytes());
    let status = send(address, request).await?;
    println!("The receiver answered {status}.");
    if status == StatusCode::OK {
        Ok(())
    } else {
        bail!("the event was refused")
    }
}

/// Answers every request on `listener` with the response of `webhook`.
async fn serve(listener: TcpListener, webhook: Webhook) {
    while let Ok((stream, _)) = listener.accept().await {
        let webhook = webhook.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let webhook = webhook.clone();
            async move { Ok::<_, Infallible>(answer(&webhook, request).await) }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

async fn answer(webhook: &Webhook, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    if let Ok(body) = Limited::new(body, webhook.body_limit()).collect().await {
        return webhook
            .handle(&head.headers, &body.to_bytes())
            .await
            .map(Full::new);
    }
    let mut refused = Response::new(Full::default());
    *refused.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    refused
}

/// Sends `request` over HTTP, as the platform would.
async fn send(
    address: std::net::SocketAddr,
    request: Request<Bytes>,
) -> anyhow::Result<StatusCode> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let mut request = request.map(Full::new);
    request
        .headers_mut()
        .insert("host", address.to_string().parse()?);
    Ok(sender.send_request(request).await?.status())
}
