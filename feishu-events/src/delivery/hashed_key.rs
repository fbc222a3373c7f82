//! The key of an event, hashed.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// An event's key, hashed: 128 bits with secret seeds, so that no event is taken for another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct HashedKey(pub(super) [u64; 2]);

/// Hashes keys with seeds of its own.
#[derive(Default)]
pub(super) struct KeyHasher(RandomState);

/// Uses a key that is already a hash unchanged.
#[derive(Default)]
pub(super) struct AsItIs(u64);

impl KeyHasher {
    pub(super) fn hash(&self, key: &[u8]) -> HashedKey {
        let mut hasher = self.0.build_hasher();
        hasher.write(key);
        let first = hasher.finish();
        // One more byte makes another hash of the same text without reading that again.
        hasher.write_u8(1);
        HashedKey([first, hasher.finish()])
    }
}

impl Hash for HashedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0[0]);
    }
}

impl Hasher for AsItIs {
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, hashed: u64) {
        self.0 = hashed;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}
