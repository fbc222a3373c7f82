//! What the fuzzer has found interesting, without the fuzzer.

#![allow(clippy::unwrap_used)] // a failed test says where

use std::path::Path;

#[path = "../../fuzz/fuzz_targets/checks.rs"]
mod checks;

/// Passes each seed of a target to what the target does.
fn replay(target: &str, check: fn(&[u8])) {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let seeds = std::fs::read_dir(seeds.join(target)).unwrap();
    let seeds: Vec<_> = seeds.map(|seed| seed.unwrap().path()).collect();
    assert!(seeds.len() > 1, "{target}: {seeds:?}");
    for seed in seeds {
        check(&std::fs::read(seed).unwrap());
    }
}

#[test]
fn every_seed_is_answered_as_documented() {
    replay("request", checks::request);
    replay("decrypt", checks::decrypt);
}

#[test]
fn every_seed_that_is_an_envelope_is_written_as_it_was_read() {
    replay("envelope", checks::envelope);
}
