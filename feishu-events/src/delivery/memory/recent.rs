//! The keys of the events that were handled last, in as little memory as that takes: 16 bytes for a
//! key, and about 6 to find it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::Key;
use crate::delivery::within::after;

/// How exact the time is at which a key is forgotten, as a part of the time that it is kept.
const BATCHES: u32 = 1024;

/// Keys in the order in which they came, to be found by their value.
#[derive(Default)]
pub(super) struct Recent {
    /// A ring; the oldest key is at `oldest`.
    keys: Vec<Key>,
    oldest: usize,
    len: usize,
    /// A hash table with linear probing: a key's place in `keys`, counted from 1, and in the bits that
    /// no place needs a part of the key, so that hardly another key is looked at; 0 where none is.
    places: Vec<u32>,
    /// The bits of a place.
    place_mask: u32,
    /// The oldest first. Together they have `len` keys.
    batches: VecDeque<Batch>,
}

/// Keys that came at nearly the same time, and are forgotten together.
struct Batch {
    first: Instant,
    last: Instant,
    keys: usize,
}

impl Recent {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn contains(&self, key: Key) -> bool {
        self.slot_of(key).is_some()
    }

    /// Adds a key; whether it is new.
    pub(super) fn insert(&mut self, key: Key, now: Instant, kept_for: Duration) -> bool {
        if self.contains(key) {
            return false;
        }
        if self.len == self.keys.len() {
            self.grow();
        }
        let place = self.wrapped(self.oldest + self.len);
        if let Some(free) = self.keys.get_mut(place) {
            *free = key;
        }
        self.len += 1;
        self.index(place);
        match self.batches.back_mut() {
            Some(batch) if now.duration_since(batch.first) <= kept_for / BATCHES => {
                batch.last = batch.last.max(now);
                batch.keys += 1;
            }
            _ => self.batches.push_back(Batch {
                first: now,
                last: now,
                keys: 1,
            }),
        }
        true
    }

    /// Forgets keys that were kept for long enough, and the oldest ones beyond `capacity`.
    pub(super) fn forget(&mut self, now: Instant, kept_for: Duration, capacity: usize) {
        while let Some(batch) = self.batches.front_mut() {
            let is_past = after(batch.last, kept_for) <= now;
            if !is_past && self.len <= capacity {
                return;
            }
            batch.keys -= 1;
            if batch.keys == 0 {
                self.batches.pop_front();
            }
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let slot = self
            .keys
            .get(self.oldest)
            .and_then(|key| self.slot_of(*key));
        if let Some(slot) = slot {
            self.vacate(slot);
        }
        self.oldest = self.wrapped(self.oldest + 1);
        self.len -= 1;
    }

    fn wrapped(&self, place: usize) -> usize {
        if place >= self.keys.len() {
            place - self.keys.len()
        } else {
            place
        }
    }

    /// Where the search for a key begins.
    fn home(&self, key: Key) -> usize {
        // Hashes are spread evenly, so that no remainder has to be computed.
        let spread = u128::from(key.0[0]) * self.places.len() as u128;
        usize::try_from(spread >> 64).unwrap_or_default()
    }

    fn next(&self, slot: usize) -> usize {
        if slot + 1 == self.places.len() {
            0
        } else {
            slot + 1
        }
    }

    /// What is in a slot, if something is.
    fn entry(&self, slot: usize) -> Option<u32> {
        self.places.get(slot).copied().filter(|entry| *entry != 0)
    }

    fn key_of(&self, entry: u32) -> Option<Key> {
        let place = (entry & self.place_mask).checked_sub(1)?;
        self.keys.get(place as usize).copied()
    }

    /// What is noted of a key beside its place.
    fn part_of(&self, key: Key) -> u32 {
        let half = u32::try_from(key.0[1] & u64::from(u32::MAX));
        half.unwrap_or_default() & !self.place_mask
    }

    fn slot_of(&self, key: Key) -> Option<usize> {
        let part = self.part_of(key);
        let mut slot = self.home(key);
        loop {
            let entry = self.entry(slot)?;
            if entry & !self.place_mask == part && self.key_of(entry) == Some(key) {
                return Some(slot);
            }
            slot = self.next(slot);
        }
    }

    /// Makes the key at `place` one that is found.
    fn index(&mut self, place: usize) {
        let Some(key) = self.keys.get(place) else {
            return;
        };
        let mut slot = self.home(*key);
        while self.entry(slot).is_some() {
            slot = self.next(slot);
        }
        let part = self.part_of(*key);
        if let (Some(free), Ok(place)) = (self.places.get_mut(slot), u32::try_from(place + 1)) {
            *free = place | part;
        }
    }

    /// Empties a slot, and moves into it what would no longer be found.
    fn vacate(&mut self, slot: usize) {
        let count = self.places.len();
        let distance = |from: usize, to: usize| (to + count - from) % count;
        let (mut hole, mut slot) = (slot, self.next(slot));
        while let Some(key) = self.entry(slot).and_then(|entry| self.key_of(entry)) {
            if distance(self.home(key), slot) >= distance(hole, slot) {
                self.places.swap(hole, slot);
                hole = slot;
            }
            slot = self.next(slot);
        }
        if let Some(emptied) = self.places.get_mut(hole) {
            *emptied = 0;
        }
    }

    fn grow(&mut self) {
        self.keys.rotate_left(self.oldest);
        self.oldest = 0;
        let capacity = (self.len * 2).max(64);
        self.keys.reserve_exact(capacity - self.len);
        self.keys.resize(capacity, Key([0; 2]));
        // At most 5 of 7 slots are taken.
        self.places = vec![0; capacity / 5 * 7 + 7];
        let bits = usize::BITS - capacity.leading_zeros();
        self.place_mask = u32::MAX >> u32::BITS.saturating_sub(bits);
        (0..self.len).for_each(|place| self.index(place));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const KEPT_FOR: Duration = Duration::from_secs(60);

    /// Keys of which many begin their search in the same slot, and look the same there.
    fn key(number: u64) -> Key {
        Key([(number % 7) << 61 | 3, (number % 4) << 30 | number])
    }

    #[test]
    fn the_oldest_keys_are_forgotten_and_the_others_are_found() {
        let start = Instant::now();
        let mut recent = Recent::default();
        let mut expected = VecDeque::new();
        for step in 0..5000_u64 {
            let (number, now) = (step * 37 % 1009, start + Duration::from_millis(step));
            let is_new = !expected.contains(&number);
            assert_eq!(recent.insert(key(number), now, KEPT_FOR), is_new, "{step}");
            if is_new {
                expected.push_back(number);
            }
            let capacity = if step < 2000 { 300 } else { 90 };
            recent.forget(now, KEPT_FOR, capacity);
            while expected.len() > capacity {
                expected.pop_front();
            }
            assert_eq!(recent.len(), expected.len());
            if step % 50 == 0 {
                let kept: HashSet<u64> = expected.iter().copied().collect();
                for number in 0..1009 {
                    assert_eq!(
                        recent.contains(key(number)),
                        kept.contains(&number),
                        "{step}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_key_is_forgotten_when_its_time_is_over_and_not_before() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut recent = Recent::default();
        for number in 0..100 {
            assert!(recent.insert(key(number), at(number * 1000), KEPT_FOR));
            assert!(recent.insert(key(1000 + number), at(number * 1000 + 20), KEPT_FOR));
        }
        recent.forget(at(60_000), KEPT_FOR, usize::MAX);
        assert!(recent.contains(key(0)), "forgotten early");
        for second in 60..200 {
            recent.forget(at(second * 1000 + 100), KEPT_FOR, usize::MAX);
            let left = 99_u64.saturating_sub(second - 60);
            assert_eq!(recent.len() as u64, left * 2, "{second}");
        }
    }

    #[test]
    fn a_million_keys_take_less_than_25_megabytes() {
        let mut recent = Recent::default();
        let now = Instant::now();
        for number in 0..1_000_000_u64 {
            let hash = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            assert!(recent.insert(Key([hash, number]), now, KEPT_FOR));
        }
        let bytes = recent.keys.capacity() * 16 + recent.places.capacity() * 4;
        assert!(bytes < 25_000_000, "{bytes}");
    }
}
