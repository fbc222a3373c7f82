//! What it costs to find an event by its name, beside a hash map and a binary search.
//!
//! ```text
//! FEISHU_DOCS=… cargo bench -p feishu-events-benches --bench names
//! ```
//!
//! One line an order of the names: as they are sorted, as the documented samples came, and one name
//! again and again. `after reading` reads all samples before each pass over the names, as a
//! receiver does: the processor then remembers no way through the names.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a measurement may stop at once"
)]

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use feishu_events::{Envelope, EventType};

type Find<'a> = Box<dyn Fn(&str) -> Option<EventType> + 'a>;

/// The documented samples; none if they are not there, and that is said.
fn samples() -> Vec<String> {
    feishu_events_benches::sample_texts().unwrap_or_else(|why| {
        println!("no samples: {why}");
        Vec::new()
    })
}

/// The names as they came in the samples, again and again until there is one for each event.
fn as_they_came(samples: &[String]) -> Vec<String> {
    let types = samples
        .iter()
        .map(|sample| Envelope::from_slice(sample.as_bytes()).unwrap());
    let names: Vec<String> = types.map(|envelope| envelope.header.event_type).collect();
    let count = if names.is_empty() {
        0
    } else {
        EventType::ALL.len()
    };
    names.into_iter().cycle().take(count).collect()
}

fn names(criterion: &mut Criterion) {
    let samples = samples();
    let all = EventType::ALL;
    let sorted: Vec<String> = all.iter().map(ToString::to_string).collect();
    let orders = [
        ("sorted", sorted.clone()),
        ("as they came", as_they_came(&samples)),
        (
            "one name",
            vec!["im.message.receive_v1".to_owned(); all.len()],
        ),
    ];
    let map: HashMap<&str, EventType> = all.iter().map(|event| (event.as_str(), *event)).collect();
    let ways: [(&str, Find<'_>); 3] = [
        ("parse", Box::new(|name| name.parse().ok())),
        ("hash map", Box::new(|name| map.get(name).copied())),
        (
            "binary search",
            Box::new(|name| {
                all.get(sorted.binary_search_by(|n| (**n).cmp(name)).ok()?)
                    .copied()
            }),
        ),
    ];
    for (order, names) in orders {
        if names.is_empty() {
            continue;
        }
        let mut group = criterion.benchmark_group(format!("names, {order}"));
        group.throughput(Throughput::Elements(names.len() as u64));
        for (way, find) in &ways {
            let pass = || {
                for name in &names {
                    black_box(find(black_box(name)));
                }
            };
            group.bench_function(*way, |bencher| bencher.iter(pass));
            if samples.is_empty() {
                continue;
            }
            group.bench_function(format!("{way}, after reading"), |bencher| {
                bencher.iter_custom(|rounds| {
                    let mut spent = Duration::ZERO;
                    for _ in 0..rounds {
                        for sample in &samples {
                            black_box(Envelope::from_slice(sample.as_bytes()).unwrap());
                        }
                        let start = Instant::now();
                        pass();
                        spent += start.elapsed();
                    }
                    spent
                });
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = names
}
criterion_main!(benches);
