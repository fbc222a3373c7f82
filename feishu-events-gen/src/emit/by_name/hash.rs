// How a name finds its place. The generator hashes with these functions, and writes them into
// what it generates: both halves cannot but agree.

/// A number for a name: of its length, and of `words` words of eight bytes, which are spread evenly
/// from its head to its tail.
fn hash(name: &[u8], words: usize) -> u64 {
    let last = name.len().saturating_sub(8);
    let mut hash = name.len() as u64;
    for index in 0..words {
        hash = mix(hash.rotate_left(5) ^ word(name, last * index / (words - 1)));
    }
    hash ^ (hash >> 32)
}

/// The eight bytes from `at` on; of a name that is shorter, all.
fn word(name: &[u8], at: usize) -> u64 {
    match name.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => name
            .iter()
            .fold(0, |word, byte| (word << 8) | u64::from(*byte)),
    }
}

/// Which displacement is that of the names with this hash.
#[allow(clippy::cast_possible_truncation, reason = "less than `buckets`")]
fn bucket(hash: u64, buckets: usize) -> usize {
    (hash % buckets as u64) as usize
}

/// Where the name with this hash is.
#[allow(clippy::cast_possible_truncation, reason = "less than `slots`")]
fn slot(hash: u64, displacement: u16, slots: usize) -> usize {
    (((mix(hash ^ u64::from(displacement)) >> 32) * slots as u64) >> 32) as usize
}

fn mix(number: u64) -> u64 {
    number.wrapping_mul(0x517c_c1b7_2722_0a95)
}
