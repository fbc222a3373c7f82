//! A thousand starts and stops over real sockets: alone in its process, which it counts.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use feishu_events::{Domain, LongConnection, dispatcher, feishu_handler};
use tokio::runtime::Handle;
use tokio::time::sleep;

#[path = "long_connection/server.rs"]
mod server;

use server::event;

#[feishu_handler("contact.user.created_v3")]
async fn on_user_created() {
    sleep(Duration::from_secs(1000)).await;
}

/// How many sockets the process has.
fn sockets() -> Option<usize> {
    let descriptors = std::fs::read_dir("/proc/self/fd").ok()?;
    let links = descriptors.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    Some(
        links
            .filter(|link| link.to_string_lossy().starts_with("socket:"))
            .count(),
    )
}

/// How many kilobytes of memory the process has.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Starts a connection, sends it an event whose handler does not end, and stops it.
async fn start_and_stop(url: &str, peers: &mut tokio::sync::mpsc::UnboundedReceiver<server::Peer>) {
    let delivery = feishu_events::DeliveryOptions::new().ack(feishu_events::Ack::OnReceipt);
    let connection = LongConnection::builder("cli_x", "secret")
        .domain(Domain::Custom(url.to_owned()))
        .no_proxy()
        .delivery(delivery)
        .dispatcher(dispatcher![on_user_created])
        .build();
    let run = tokio::spawn(connection.unwrap().run());
    let mut peer = peers.recv().await.unwrap();
    assert_eq!(peer.send(&event()).await.unwrap(), 200);
    run.abort();
    assert!(run.await.unwrap_err().is_cancelled());
    peer.closed().await;
}

#[tokio::test]
async fn a_thousand_starts_and_stops_leave_nothing_behind() {
    let (address, mut peers) = server::listen("127.0.0.1", None).await;
    let url = format!("http://{address}");
    for _ in 0..100 {
        start_and_stop(&url, &mut peers).await;
    }
    sleep(Duration::from_millis(200)).await;
    let (tasks_before, sockets_before, memory_before) = (tasks(), sockets(), memory());
    for _ in 0..1000 {
        start_and_stop(&url, &mut peers).await;
    }
    // What the server's side still does comes to its end.
    for _ in 0..100 {
        if tasks() <= tasks_before && sockets() <= sockets_before {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    assert!(
        tasks() <= tasks_before,
        "{} tasks, before {tasks_before}",
        tasks()
    );
    if let Some(before) = sockets_before {
        assert!(
            sockets() <= Some(before),
            "{:?} sockets, before {before}",
            sockets()
        );
    }
    if let (Some(before), Some(after)) = (memory_before, memory()) {
        eprintln!("memory: {before} kB after 100, {after} kB after 1,100 starts and stops");
        // A kilobyte each would be a leak.
        assert!(after < before + 1000, "{after} kB, before {before} kB");
    } else {
        eprintln!("sockets and memory are not counted: there is no /proc");
    }
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}
