//! From the name of an event to the event: a hash table that the compiler makes.

use crate::catalog::all_names;
use crate::catalog::event_type::EventType;
use crate::generated::catalog::metadata::NAMES;

/// More than twice as many as there are names, so that most names are where their hash says.
const SLOTS: usize = (NAMES.len() * 3).next_power_of_two();

/// No event.
const FREE: u16 = u16::MAX;

/// The numbers of the events, each at the first free slot from that of its name's hash on.
static EVENTS: [u16; SLOTS] = events();

const fn events() -> [u16; SLOTS] {
    let mut events = [FREE; SLOTS];
    let mut number = 0;
    while number < NAMES.len() {
        let mut slot = slot_of(NAMES[number].as_bytes());
        while events[slot] != FREE {
            slot = (slot + 1) % SLOTS;
        }
        #[allow(clippy::cast_possible_truncation)] // some hundred
        let event = number as u16;
        events[slot] = event;
        number += 1;
    }
    events
}

/// Where the search for a name begins.
#[inline]
const fn slot_of(name: &[u8]) -> usize {
    // What tells names apart is in the middle and near the end; a comparison follows in any case.
    let middle = eight_at(name, name.len() / 2 - name.len() / 8);
    let end = eight_at(name, name.len().saturating_sub(12));
    let mixed =
        middle.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ end.rotate_left(29) ^ name.len() as u64;
    let hash = mixed.wrapping_mul(0xd6e8_feb8_6659_fd93);
    (hash >> 32) as usize % SLOTS
}

/// Eight bytes from `at` on, or the last ones; of a short name, all.
#[inline]
const fn eight_at(name: &[u8], at: usize) -> u64 {
    let (_, rest) = name.split_at(at);
    let eight = match rest.first_chunk() {
        Some(eight) => eight,
        None => match name.last_chunk() {
            Some(eight) => eight,
            None => return short(name),
        },
    };
    u64::from_le_bytes(*eight)
}

const fn short(name: &[u8]) -> u64 {
    let mut word = 0;
    let mut at = 0;
    while at < name.len() {
        word = word << 8 | name[at] as u64;
        at += 1;
    }
    word
}

impl EventType {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let mut slot = slot_of(name.as_bytes());
        loop {
            let number = usize::from(EVENTS[slot]);
            // A free slot ends the search, because no event has its number.
            if all_names::is_name(number, name)? {
                return Self::ALL.get(number).copied();
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_found_and_others_are_not() {
        for event_type in EventType::ALL {
            let name = event_type.as_str();
            assert_eq!(EventType::from_name(name), Some(*event_type));
            for other in [&name[1..], &name[..name.len() - 1], &format!("{name}x")] {
                let is_name = NAMES.contains(&other);
                assert_eq!(EventType::from_name(other).is_some(), is_name, "{other}");
            }
        }
        for length in 0..100 {
            assert_eq!(EventType::from_name(&"x".repeat(length)), None);
        }
    }

    #[test]
    fn names_are_close_to_where_their_hash_says() {
        let distance = |event: &EventType| {
            let begin = slot_of(event.as_str().as_bytes());
            let steps = (0..SLOTS)
                .find(|step| usize::from(EVENTS[(begin + step) % SLOTS]) == *event as usize);
            steps.expect("it is in the table")
        };
        let distances: Vec<usize> = EventType::ALL.iter().map(distance).collect();
        let first = distances.iter().filter(|steps| **steps == 0).count();
        assert!(
            first * 10 > distances.len() * 7,
            "{first} of {}",
            distances.len()
        );
        assert!(distances.iter().all(|steps| *steps < 8), "{distances:?}");
    }
}
