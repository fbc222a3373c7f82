//! Decoding and dispatching the documented samples: this project, the community's crates that have
//! types for events, and the official SDKs for Python and Node; in turns within one run.
//!
//! ```text
//! FEISHU_DOCS=… cargo run --release -- [--json]
//! ```
//!
//! Two are compared with the samples that both bring to a handler with their type. `$PYTHON` (else
//! python3) has to find `lark_oapi`, and node (by `$NODE_PATH`) `@larksuiteoapi/node-sdk`, or they
//! are skipped.

#![allow(clippy::unwrap_used)] // a measurement may stop at once

mod larksuite;
mod openlark;
mod ours;
mod peer;
mod samples;
mod sdk;

use std::cell::RefCell;

use feishu_events_benches::{Output, Row, Side, Turns, Unit};

use crate::peer::Peer;
use crate::samples::Sample;

fn main() {
    let output = Output::from_arguments();
    let samples = match samples::all() {
        Ok(samples) => samples,
        Err(why) => return output.skipped(&why),
    };
    let mut ours = ours::Ours::new();
    let peers: [fn() -> Result<Box<dyn Peer>, String>; 4] = [
        || Ok(Box::new(larksuite::Larksuite::new())),
        || Ok(Box::new(openlark::Openlark::new())),
        || sdk::python().map(|sdk| Box::new(sdk) as Box<dyn Peer>),
        || sdk::node().map(|sdk| Box::new(sdk) as Box<dyn Peer>),
    ];
    for start in peers {
        match start() {
            Ok(mut peer) => beside(output, &mut ours, &mut *peer, &samples),
            Err(why) => output.skipped(&why),
        }
    }
}

fn beside(output: Output, ours: &mut dyn Peer, peer: &mut dyn Peer, samples: &[Sample]) {
    let name = peer.name().to_owned();
    let (by_us, by_them) = (ours.load(samples), peer.load(samples));
    let count = |got: &[bool]| got.iter().filter(|got| **got).count();
    output.row(&counted(
        "event types with a type, callbacks aside",
        &name,
        ours.events(),
        peer.events(),
    ));
    let reached = format!(
        "documented samples that reach a typed handler, of {}",
        samples.len()
    );
    output.row(&counted(&reached, &name, count(&by_us), count(&by_them)));

    let both = by_us.iter().zip(&by_them).map(|(us, them)| *us && *them);
    let shared = samples.iter().zip(both).filter(|(_, both)| *both);
    let shared: Vec<&Sample> = shared.map(|(sample, _)| sample).collect();
    // What is measured on few samples says so in its own row.
    let few = match shared.len() {
        1 => ", 1 sample".to_owned(),
        count if count * 2 < samples.len() => format!(", {count} samples"),
        _ => String::new(),
    };
    output.note(&format!(
        "beside {name}: samples that reach a typed handler in both: {}; {} rounds",
        shared.len(),
        peer.rounds()
    ));
    // So many that the clock's own cost does not matter.
    let again = shared.iter().cycle().take(shared.len().max(150));
    let shared: Vec<Sample> = again.map(|sample| sample.with_new_ids()).collect();
    ours.load(&shared);
    peer.load(&shared);

    let (rounds, ways) = (peer.rounds(), peer.ways());
    let (ours, peer) = (RefCell::new(ours), RefCell::new(peer));
    for way in ways {
        let times = Turns::new()
            .timed(way.name(), || ours.borrow_mut().time(*way))
            .timed(&name, || peer.borrow_mut().time(*way))
            .run(rounds);
        let row = Row::of(&times, shared.len(), Side::Peer, way.name(), &name);
        let what = row.what.clone() + &few;
        output.row(&Row { what, ..row });
    }
}

#[allow(clippy::cast_precision_loss)] // some hundred
fn counted(what: &str, beside: &str, ours: usize, theirs: usize) -> Row {
    let (ours, theirs) = (ours as f64, theirs as f64);
    Row::alone(what, Unit::Count, ours).beside(Side::Peer, beside, theirs, ours / theirs)
}
