//! What the system says of a process.

use std::fs;

/// The resident memory of this process in kB; 0 where `/proc` is not at hand.
pub(crate) fn resident_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}
