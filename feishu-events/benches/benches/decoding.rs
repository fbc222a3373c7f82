//! How fast the samples of the documentation are read: by this project, and by serde's derives.
//!
//! `FEISHU_DOCS=<folder with samples.jsonl> cargo bench -p feishu-events-benches --bench decoding [-- --json]`

use std::hint::black_box;

use feishu_events::Envelope;
use feishu_events_benches::{Output, Row, Side, Turns};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The project's types as serde's derives would read them.
#[allow(missing_docs, unreachable_pub, clippy::pedantic)] // generated
mod derived {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

const OURS: &str = "bytes to a typed event";
const DERIVES: &str = "the same types with serde's derives";

/// How often both are measured in turns.
const ROUNDS: usize = 300;

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

fn derived(bytes: &[u8]) -> serde_json::Result<(Header, derived::Event)> {
    let envelope: Derived<'_> = serde_json::from_slice(bytes)?;
    let name = envelope.header.event_type.as_deref().unwrap_or_default();
    let event = derived::read(name, envelope.event.get())?;
    Ok((envelope.header, event))
}

fn main() {
    let output = Output::from_arguments();
    let samples = match feishu_events_benches::samples() {
        Ok(samples) => samples,
        Err(why) => return output.skipped(&why),
    };
    let all = samples.len();
    // Derives refuse what contradicts a table; what they refuse is not compared.
    let samples = samples.into_iter().map(|sample| sample.json.into_bytes());
    let mut samples: Vec<Vec<u8>> = samples.collect();
    samples.retain(|bytes| derived(bytes).is_ok());
    let each = |read: fn(&[u8])| {
        let samples = &samples;
        move || samples.iter().for_each(|bytes| read(black_box(bytes)))
    };
    let times = Turns::new()
        .line(OURS, each(|it| drop(black_box(Envelope::from_slice(it)))))
        .line(DERIVES, each(|it| drop(black_box(derived(it)))))
        .run(ROUNDS);
    let count = samples.len();
    output.note(&format!(
        "beside derives: {count} samples of {all}, which derives accept; {ROUNDS} rounds"
    ));
    output.row(&Row::of(&times, count, Side::Peer, OURS, DERIVES));
}
