//! Changes to bytes, at random.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// What JSON, envelopes and headers are made of, to be put anywhere.
const PIECES: [&str; 26] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "true",
    "-1",
    "1e999",
    "1.5",
    "\\u0000",
    "\\ud800",
    "\u{feff}",
    "\"schema\":\"2.0\"",
    "\"header\":{}",
    "\"event\":{}",
    "\"type\":",
    "\"encrypt\":",
    "\"challenge\":",
    "\"token\":null",
    "18446744073709551616",
    "灯",
    "=",
    "[[[[[[[[[[[[[[[[",
];

/// Changes bytes; the same seed makes the same changes.
pub(super) struct Mangler {
    seed: u64,
    count: u64,
}

impl Mangler {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    fn next(&mut self) -> u64 {
        self.count += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, self.count).hash(&mut hasher);
        hasher.finish()
    }

    /// A number from 0 up to, and without, `bound`.
    #[allow(clippy::cast_possible_truncation)] // of a random number any bits will do
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.next() as usize % bound.max(1)
    }

    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }

    /// Changes `bytes` in one to four ways.
    pub(super) fn mangle(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let until = (at + self.below(32)).min(bytes.len());
            match self.below(7) {
                0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                1 => bytes.truncate(at),
                2 => drop(bytes.drain(at..until)),
                3 => {
                    let copy = bytes[at..until].to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, copy);
                }
                4 => {
                    // Deep nesting is what parsers with recursion fall over.
                    let depth = self.below(2000);
                    bytes.splice(at..at, std::iter::repeat_n(b'[', depth));
                }
                _ => {
                    let piece = PIECES[self.below(PIECES.len())];
                    bytes.splice(at..until, piece.bytes());
                }
            }
        }
    }
}
