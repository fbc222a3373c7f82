//! What the system says of a process.

use std::fs;
use std::time::Duration;

/// The resident memory of this process in kB; 0 where `/proc` is not at hand.
pub(crate) fn resident_kb() -> u64 {
    resident_kb_of(std::process::id())
}

/// The resident memory of a process in kB; 0 where `/proc` is not at hand.
pub(crate) fn resident_kb_of(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

/// The processor time that a process has taken; zero where `/proc` is not at hand.
pub(crate) fn cpu_time(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the program comes first, in parentheses, and may have blanks in it.
    let numbers = stat.rsplit_once(')').map_or("", |(_, numbers)| numbers);
    let in_user_and_kernel = numbers.split_whitespace().skip(11).take(2);
    let ticks: u64 = in_user_and_kernel
        .filter_map(|it| it.parse::<u64>().ok())
        .sum();
    // A hundred a second on every Linux of today.
    Duration::from_millis(10 * ticks)
}
