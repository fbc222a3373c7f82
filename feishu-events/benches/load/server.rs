//! The server of the measurements.

use std::convert::Infallible;
use std::hint::black_box;
use std::panic;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use clap::{Args, ValueEnum};
use feishu_events::{Dispatcher, Webhook};
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use crate::events::{CALLS, KEY, MAX_EVENTS, SUCCESSES, TOKEN, handlers};
use crate::floor::Floor;
use crate::process::resident_kb;

#[derive(Args)]
pub(crate) struct ServeArgs {
    /// Answer without a receiver
    #[arg(long, value_enum)]
    only: Option<Only>,
}

/// What a server does instead of handling events.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Only {
    /// It reads the body, as every server must
    Nothing,
    /// It also hashes, decodes and decrypts the body, as every receiver must
    Decrypt,
}

pub(crate) fn webhook(dispatcher: Dispatcher) -> Webhook {
    Webhook::builder(dispatcher)
        .encrypt_key(KEY)
        .verification_token(TOKEN)
        .build()
        .unwrap()
}

/// Serves on one thread until the process is ended; the first line it prints is its port.
pub(crate) fn run(args: &ServeArgs) {
    // The panics are asked for; their messages would be what is measured.
    panic::set_hook(Box::new(|_| {}));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap().port());
        let webhook = TowerToHyperService::new(webhook(handlers()));
        // As long as the process.
        let floor: &Floor = Box::leak(Box::new(Floor::new(KEY)));
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let stream = TokioIo::new(stream);
            let http = http1::Builder::new();
            if let Some(only) = args.only {
                let service = service_fn(move |request| without_receiver(only, floor, request));
                tokio::spawn(http.serve_connection(stream, service));
                continue;
            }
            let webhook = webhook.clone();
            let service = service_fn(move |request: Request<Incoming>| {
                let webhook = webhook.clone();
                async move {
                    if request.method() == Method::GET {
                        return Ok(Response::new(Full::from(report())));
                    }
                    webhook.call(request).await
                }
            });
            tokio::spawn(http.serve_connection(stream, service));
        }
    });
}

async fn without_receiver(
    only: Only,
    floor: &Floor,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    if matches!(only, Only::Decrypt) {
        floor.decrypt(&head.headers, &body, |event| {
            black_box(event);
        });
    }
    Ok(Response::new(Full::from(r#"{"msg":"success"}"#)))
}

/// How many events were handled, more than once, not at all; and the memory.
fn report() -> String {
    let (mut handled, mut twice, mut calls) = (0, 0, 0);
    for number in 0..MAX_EVENTS {
        let successes = SUCCESSES[number].load(Ordering::SeqCst);
        handled += u32::from(successes > 0);
        twice += u32::from(successes > 1);
        calls += CALLS[number].load(Ordering::SeqCst);
    }
    let resident_kb = resident_kb();
    serde_json::json!({
        "handled": handled, "twice": twice, "calls": calls, "resident_kb": resident_kb,
    })
    .to_string()
}
