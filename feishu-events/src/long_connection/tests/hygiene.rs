//! Secrets stay secret.

use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::time::{sleep, timeout};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::platform::{Platform, Reply, TICKET, event};
use super::{SECRET, client};

/// Writes down everything that is logged, at any level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        writeln!(self.0.lock().unwrap(), "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(start_paused = true)]
async fn neither_secret_nor_ticket_is_in_a_log_or_in_an_error() {
    let log = Everything::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let bad_url = format!("wss:// gateway.test/?ticket={TICKET}");
    let (platform, mut peers) = Platform::new(move |attempt| match attempt {
        1 => Reply::Endpoint(200, json!({ "code": 0, "data": { "URL": bad_url } })),
        2 => Reply::Handshake("HTTP/1.1 401 -\r\ncontent-length: 0\r\n\r\n".to_owned()),
        3 => Reply::Handshake("what is this?\r\n\r\n".to_owned()),
        4 => Reply::Hangup,
        5 => Reply::Good(Vec::new()),
        _ => Reply::Endpoint(200, json!({ "code": 1_000_040_345, "msg": "wrong" })),
    });
    let (builder, _seen) = client(&platform);
    let mut shown = format!("{builder:?}");
    let connection = builder.build().unwrap();
    write!(shown, "{connection:?}").unwrap();
    let status = connection.status();
    let run = tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("e", &json!({ "fails": true }))).await;
    drop(timeout(Duration::from_secs(1), peer.idle()).await);
    write!(shown, "{:?}", status.borrow().clone()).unwrap();
    drop(peer);
    let error = run.await.unwrap().unwrap_err();
    write!(shown, "{error} {error:?} {:?}", status.borrow().clone()).unwrap();
    sleep(Duration::from_secs(1)).await;

    let log = log.0.lock().unwrap().clone();
    assert!(
        log.contains("cli_x") && log.contains("the long connection is open"),
        "{log}"
    );
    for text in [&log, &shown] {
        for secret in [SECRET, TICKET, "ticket=", "service_id="] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}
