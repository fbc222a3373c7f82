//! The key of an event, hashed.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};

/// An event's key, hashed: 128 bits with secret seeds, so that no event is taken for another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct HashedKey(pub(super) [u64; 2]);

/// Hashes keys with seeds of its own.
pub(super) struct KeyHasher([RandomState; 2]);

/// Uses a key that is already a hash unchanged.
#[derive(Default)]
pub(super) struct AsItIs(u64);

impl Default for KeyHasher {
    fn default() -> Self {
        Self([RandomState::new(), RandomState::new()])
    }
}

impl KeyHasher {
    pub(super) fn hash(&self, key: &str) -> HashedKey {
        HashedKey(self.0.each_ref().map(|hasher| hasher.hash_one(key)))
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
