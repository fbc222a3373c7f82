//! What a peer can make a client hold.

use std::time::Duration;

use feishu_events::long_connection::{Dial, DialStream, Dialing, Status};
use futures_util::SinkExt;
use tokio::io::duplex;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use crate::builder;
use crate::server::{self, Peer};

/// Connects to the platform's side in memory: the kernel would hold some megabytes, too.
struct InMemory(mpsc::UnboundedSender<Peer>);

impl Dial for InMemory {
    fn dial<'a>(&'a self, _: &'a str, _: u16) -> Dialing<'a> {
        let (ours, theirs) = duplex(64 * 1024);
        let url = "ws://gateway.test/?service_id=1".to_owned();
        tokio::spawn(server::serve(theirs, None, url, self.0.clone()));
        Box::pin(async { Ok(Box::new(ours) as Box<dyn DialStream>) })
    }
}

/// Sends WebSocket pings, and reads nothing, until the connection is gone; gives back how many bytes
/// they had.
async fn send_pings(mut peer: Peer) -> usize {
    let mut sent = 0;
    loop {
        for _ in 0..1000 {
            let ping = Message::Ping(vec![b'x'; 125].into());
            if peer.0.feed(ping).await.is_err() {
                return sent;
            }
            sent += 125;
        }
        if peer.0.flush().await.is_err() {
            return sent;
        }
    }
}

/// Floods a client with pings until it connects again; gives back how many bytes they had.
async fn flood() -> (usize, watch::Receiver<Status>) {
    let (sockets, mut peers) = mpsc::unbounded_channel();
    let builder = builder("http://open.test".to_owned()).no_proxy();
    let builder = builder.dial(InMemory(sockets));
    let connection = builder.step_limit(Duration::from_secs(1)).build().unwrap();
    let status = connection.status();
    let running = tokio::spawn(connection.run());
    let sent = send_pings(peers.recv().await.unwrap()).await;
    peers.recv().await.unwrap();
    running.abort();
    (sent, status)
}

#[test]
fn pings_that_come_without_end_are_held_once_and_their_sender_is_replaced() {
    let mut flooded = None;
    let work = || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        flooded = Some(runtime.block_on(flood()));
    };
    let held = allocation_counter::measure(work).bytes_max;
    let (sent, status) = flooded.unwrap();
    assert!(sent > 4_000_000, "{sent} bytes");
    assert!(held < 1_000_000, "{held} of {sent} bytes are held");
    let failure = status.borrow().last_failure.clone().unwrap().to_string();
    assert_eq!(failure, "sending (the long connection) took too long");
}
