//! How fast the samples of the documentation are read: by this project, by serde's derives, and
//! into `serde_json::Value`.
//!
//! `FEISHU_DOCS=<folder with samples.jsonl> cargo bench -p feishu-events-derived`
//!
//! Ratios of one run count, on a machine that does nothing else.

#![allow(missing_docs)] // criterion's macro writes none

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use feishu_events::Envelope;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// What a user of derives writes: the header, then the payload by the name in it.
#[derive(Deserialize)]
struct Derived<'a> {
    header: Header,
    #[serde(borrow)]
    event: &'a RawValue,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Header {
    event_id: Option<String>,
    event_type: Option<String>,
    create_time: Option<String>,
    token: Option<String>,
    app_id: Option<String>,
    tenant_key: Option<String>,
}

fn derived(bytes: &[u8]) -> serde_json::Result<(Header, feishu_events_derived::Event)> {
    let envelope: Derived<'_> = serde_json::from_slice(bytes)?;
    let name = envelope.header.event_type.as_deref().unwrap_or_default();
    let event = feishu_events_derived::read(name, envelope.event.get())?;
    Ok((envelope.header, event))
}

fn samples() -> Option<Vec<Vec<u8>>> {
    let docs = PathBuf::from(std::env::var_os("FEISHU_DOCS")?);
    let text = std::fs::read_to_string(docs.join("samples.jsonl")).ok()?;
    let body = |line| {
        let sample: Sample<'_> = serde_json::from_str(line).ok()?;
        Some(sample.body.get().as_bytes().to_vec())
    };
    Some(text.lines().filter_map(body).collect())
}

/// A line of `samples.jsonl`; the body as it stands, its members in the platform's order.
#[derive(Deserialize)]
struct Sample<'a> {
    #[serde(borrow)]
    body: &'a RawValue,
}

fn decoding(c: &mut Criterion) {
    let Some(samples) = samples() else {
        eprintln!("skipped: FEISHU_DOCS names no folder with samples.jsonl");
        return;
    };
    // Derives refuse what contradicts a table; what they refuse is no comparison.
    let samples: Vec<Vec<u8>> = samples
        .into_iter()
        .filter(|bytes| derived(bytes).is_ok())
        .collect();
    eprintln!("{} samples", samples.len());
    let mut group = c.benchmark_group("decoding");
    let bytes = samples.iter().map(|sample| sample.len() as u64).sum();
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("feishu-events", |b| {
        b.iter(|| {
            for bytes in &samples {
                drop(black_box(Envelope::from_slice(black_box(bytes))));
            }
        });
    });
    group.bench_function("derives", |b| {
        b.iter(|| {
            for bytes in &samples {
                drop(black_box(derived(black_box(bytes))));
            }
        });
    });
    group.bench_function("serde_json::Value", |b| {
        b.iter(|| {
            for bytes in &samples {
                drop(black_box(serde_json::from_slice::<Value>(black_box(bytes))));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, decoding);
criterion_main!(benches);
