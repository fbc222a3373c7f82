//! Requests a second and how long they take, beside a server that does nothing.

use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Args;
use feishu_events_benches::{Output, Row, Side, Unit, median};
use http::Request;

use crate::client::{Client, Server};
use crate::events::event;

#[derive(Args)]
pub(crate) struct SpeedArgs {
    /// How many requests are sent to each server in each round
    #[arg(long, default_value_t = 20_000)]
    requests: usize,
    /// How many rounds; the servers take turns
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Over how many connections
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,
}

struct Result {
    a_second: f64,
    p99: Duration,
}

pub(crate) fn run(args: &SpeedArgs) {
    let (nothing, webhook) = (Server::start(true), Server::start(false));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let output = Output::new(args.json);
    let (mut floors, mut rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..args.rounds {
        // The numbers are above those whose handlers misbehave on purpose.
        let first = 2_000_000 + round * args.requests;
        let requests = || (first..first + args.requests).map(|it| event(it).into_http());
        let least = runtime.block_on(measure(nothing.port, args.connections, requests()));
        let ours = runtime.block_on(measure(webhook.port, args.connections, requests()));
        eprintln!(
            "nothing: {:.0} a second, p99 {:?}; webhook: {:.0} a second, p99 {:?}",
            least.a_second, least.p99, ours.a_second, ours.p99
        );
        floors.push(least.a_second);
        rates.push(ours.a_second);
        ratios.push(ours.a_second / least.a_second);
    }
    let (connections, requests) = (args.connections, args.requests);
    output.note(&format!(
        "{requests} webhook requests over {connections} connections, {} rounds",
        args.rounds
    ));
    let what = "webhook requests over HTTP, signed and encrypted";
    let nothing = "hyper that does nothing with the same requests";
    let row = Row::alone(what, Unit::PerSecond, median(rates));
    output.row(&row.beside(Side::Floor, nothing, median(floors), median(ratios)));
}

async fn measure(
    port: u16,
    connections: usize,
    requests: impl Iterator<Item = Request<Bytes>>,
) -> Result {
    let mut shares = vec![Vec::new(); connections];
    for (index, request) in requests.enumerate() {
        shares[index % connections].push(request);
    }
    let count: usize = shares.iter().map(Vec::len).sum();
    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(port).await);
    }
    let begun = Instant::now();
    let tasks: Vec<_> = clients
        .into_iter()
        .zip(shares)
        .map(|(client, share)| tokio::spawn(send(client, share)))
        .collect();
    let mut times = Vec::with_capacity(count);
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    #[allow(clippy::cast_precision_loss)] // far below 2^52
    let a_second = count as f64 / begun.elapsed().as_secs_f64();
    times.sort();
    Result {
        a_second,
        p99: times[times.len() * 99 / 100],
    }
}

async fn send(mut client: Client, requests: Vec<Request<Bytes>>) -> Vec<Duration> {
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
        let begun = Instant::now();
        assert_eq!(client.send(request).await, 200);
        times.push(begun.elapsed());
    }
    times
}
