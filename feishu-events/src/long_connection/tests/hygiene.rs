//! Secrets stay secret, in whatever goes wrong; what is logged is looked at in the tests over TCP.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::platform::{Platform, Reply, TICKET, event};
use super::{SECRET, client};

#[tokio::test(start_paused = true)]
async fn neither_secret_nor_ticket_is_in_an_error_or_in_what_is_shown() {
    let bad_url = format!("wss:// gateway.test/?ticket={TICKET}");
    let (platform, mut peers) = Platform::new(move |attempt| match attempt {
        1 => Reply::Endpoint(200, json!({ "code": 0, "data": { "URL": bad_url } })),
        2 => Reply::Handshake("HTTP/1.1 401 -\r\ncontent-length: 0\r\n\r\n".to_owned()),
        3 => Reply::Handshake("what is this?\r\n\r\n".to_owned()),
        4 => Reply::Hangup,
        5 => Reply::Good(Vec::new()),
        _ => Reply::Endpoint(200, json!({ "code": 1_000_040_345, "msg": "wrong" })),
    });
    let shown = Arc::new(Mutex::new(String::new()));
    let show = |what: String| writeln!(shown.lock().unwrap(), "{what}").unwrap();
    let (connected, lost, again) = (shown.clone(), shown.clone(), shown.clone());
    let (builder, _seen) = client(&platform);
    let builder = builder
        .on_connected(move |it| write!(connected.lock().unwrap(), "{it:?}").unwrap())
        .on_disconnected(move |it| write!(lost.lock().unwrap(), "{it:?}").unwrap())
        .on_reconnecting(move |it| {
            write!(again.lock().unwrap(), "{it:?} {}", it.failure).unwrap();
        });
    show(format!("{builder:?}"));
    let connection = builder.build().unwrap();
    show(format!("{connection:?}"));
    let status = connection.status();
    let run = tokio::spawn(connection.run());
    let mut peer = peers.recv().await.unwrap();
    peer.send(event("e", &json!({ "fails": true }))).await;
    drop(timeout(Duration::from_secs(1), peer.idle()).await);
    drop(peer);
    let error = run.await.unwrap().unwrap_err();
    show(format!("{error} {error:?} {:?}", status.borrow().clone()));

    let shown = shown.lock().unwrap();
    assert!(
        shown.contains("HTTP status 401") && shown.contains("is not a URL"),
        "{shown}"
    );
    for secret in [SECRET, TICKET, "ticket=", "service_id="] {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}
