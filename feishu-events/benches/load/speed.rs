//! Requests a second and how long they take, beside servers that do less.

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
    let webhook = Server::start(None);
    let floors = [
        ("nothing", "hyper that does nothing with the same requests"),
        ("decrypt", "hyper that only hashes and decrypts them"),
    ];
    let floors = floors.map(|(only, what)| (Server::start(Some(only)), what));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let output = Output::new(args.json);
    let (mut rates, mut theirs, mut ratios) = (
        Vec::new(),
        [const { Vec::new() }; 2],
        [const { Vec::new() }; 2],
    );
    for round in 0..args.rounds {
        // The numbers are above those whose handlers misbehave on purpose.
        let first = 2_000_000 + round * args.requests;
        let requests = || (first..first + args.requests).map(|it| event(it).into_http());
        let measure = |port| runtime.block_on(measure(port, args.connections, requests()));
        let least = floors.each_ref().map(|(server, _)| measure(server.port));
        let ours = measure(webhook.port);
        for (index, least) in least.iter().enumerate() {
            theirs[index].push(least.a_second);
            ratios[index].push(ours.a_second / least.a_second);
        }
        let p99: Vec<_> = least.iter().map(|least| least.p99).collect();
        eprintln!("p99: {p99:?}; webhook: {:?}", ours.p99);
        rates.push(ours.a_second);
    }
    let (connections, requests) = (args.connections, args.requests);
    output.note(&format!(
        "{requests} webhook requests over {connections} connections, {} rounds",
        args.rounds
    ));
    let what = "webhook requests over HTTP, signed and encrypted";
    let rate = median(rates);
    for ((_, floor), (theirs, ratios)) in floors.iter().zip(theirs.into_iter().zip(ratios)) {
        let row = Row::alone(what, Unit::PerSecond, rate);
        output.row(&row.beside(Side::Floor, *floor, median(theirs), median(ratios)));
    }
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
