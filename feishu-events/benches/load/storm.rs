//! Events at full speed, of which some fail, panic, take long and are sent twice.
//!
//! This process is the platform: what is not answered with 200 it sends again.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::Value;
use tokio::time::sleep;

use crate::client::{Client, Server};
use crate::events::event;

#[derive(Args)]
pub(crate) struct StormArgs {
    /// How many events are sent
    #[arg(long, default_value_t = 100_000)]
    events: usize,
    /// Over how many connections
    #[arg(long, default_value_t = 512)]
    connections: usize,
}

/// What is still to be sent: each event once, some twice, failed ones again.
struct Platform {
    events: usize,
    next: AtomicUsize,
    again: Mutex<VecDeque<(Instant, usize)>>,
    acknowledged: AtomicUsize,
    sent_again: AtomicUsize,
}

/// The pause before an event is sent again; the platform's own are longer.
const PAUSE: Duration = Duration::from_millis(500);

pub(crate) fn run(args: &StormArgs) {
    let server = Server::start(None);
    let platform = Arc::new(Platform {
        events: args.events,
        next: AtomicUsize::new(0),
        again: Mutex::default(),
        acknowledged: AtomicUsize::new(0),
        sent_again: AtomicUsize::new(0),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let begun = Instant::now();
    runtime.block_on(async {
        let connections: Vec<_> = (0..args.connections)
            .map(|_| tokio::spawn(send_all(Arc::clone(&platform), server.port)))
            .collect();
        let mut client = Client::connect(server.port).await;
        while platform.acknowledged.load(Ordering::SeqCst) < args.events {
            sleep(Duration::from_secs(2)).await;
            println!("{:>5.1?} {}", begun.elapsed(), client.report().await);
        }
        for connection in connections {
            connection.await.unwrap();
        }
        // Handlers that were acknowledged before they were done.
        sleep(Duration::from_secs(11)).await;
        let report: Value = client.report().await;
        println!("{:>5.1?} {report}", begun.elapsed());
        println!(
            "{} events, {} sent again",
            args.events,
            platform.sent_again.load(Ordering::SeqCst)
        );
        assert_eq!(report["handled"], args.events, "events were lost");
        assert_eq!(
            report["twice"], 0,
            "events were handled again after success"
        );
    });
}

async fn send_all(platform: Arc<Platform>, port: u16) {
    let mut client = Client::connect(port).await;
    while let Some((number, first)) = platform.take().await {
        let status = client.send(event(number).into_http()).await;
        if status != 200 {
            platform.sent_again.fetch_add(1, Ordering::SeqCst);
            platform.later(number);
            continue;
        }
        // One in fifty comes again although it was acknowledged.
        if first && number % 50 == 7 {
            platform.later(number);
        } else {
            platform.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Platform {
    /// The next event, and whether it is sent for the first time.
    async fn take(&self) -> Option<(usize, bool)> {
        loop {
            let due = {
                let mut again = self.again.lock().unwrap();
                let due = again
                    .front()
                    .is_some_and(|(when, _)| *when <= Instant::now());
                due.then(|| again.pop_front()).flatten()
            };
            if let Some((_, number)) = due {
                return Some((number, false));
            }
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if number < self.events {
                return Some((number, true));
            }
            if self.acknowledged.load(Ordering::SeqCst) == self.events {
                return None;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn later(&self, number: usize) {
        let mut again = self.again.lock().unwrap();
        again.push_back((Instant::now() + PAUSE, number));
    }
}
