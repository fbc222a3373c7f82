//! When a failed event is tried again, and for how long.

use std::time::Duration;

/// When a failed event is retried.
///
/// The pause before the second attempt is `first`; each further one is `factor` times as long, but
/// not longer than `longest`; all are shifted at random by up to a fifth, so that events that failed
/// together are not all retried at once.
///
/// By default: 8 attempts with pauses from 5 s to 5.7 h, over about 7.6 h.
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Retry {
    attempts: u32,
    first: Duration,
    factor: f64,
    longest: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: 8,
            first: Duration::from_secs(5),
            factor: 4.0,
            longest: Duration::from_secs(6 * 60 * 60),
        }
    }
}

impl Retry {
    /// This many attempts in all, at least one; then the event is dead.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The pause before the second attempt.
    pub fn first(mut self, pause: Duration) -> Self {
        self.first = pause;
        self
    }

    /// The factor by which each pause is longer than the one before; at least 1.
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = if factor.is_finite() {
            factor.max(1.0)
        } else {
            1.0
        };
        self
    }

    /// The longest pause.
    pub fn longest(mut self, pause: Duration) -> Self {
        self.longest = pause;
        self
    }

    pub(crate) fn max_attempts(&self) -> u32 {
        self.attempts
    }

    /// The pause after this many attempts; `shift` is from 0 to 1.
    pub(crate) fn pause(&self, attempts: u32, shift: f64) -> Duration {
        let exponent = i32::try_from(attempts.saturating_sub(1)).unwrap_or(i32::MAX);
        let longest = self.longest.as_secs_f64();
        let seconds = self.first.as_secs_f64() * self.factor.powi(exponent);
        let seconds = seconds.min(longest) * (0.8 + 0.4 * shift);
        Duration::try_from_secs_f64(seconds.min(longest)).unwrap_or(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end_at_the_longest() {
        let retry = Retry::default();
        let pauses: Vec<u64> = (1..=8).map(|n| retry.pause(n, 0.5).as_secs()).collect();
        assert_eq!(pauses, [5, 20, 80, 320, 1280, 5120, 20480, 21600]);
        let in_all: u64 = pauses[..7].iter().sum();
        assert_eq!(in_all, 27305);
        assert_eq!(retry.pause(1, 0.0), Duration::from_secs(4));
        assert_eq!(retry.pause(1, 1.0), Duration::from_secs(6));
        assert_eq!(retry.pause(u32::MAX, 1.0), Duration::from_secs(21600));
        let odd = Retry::default().factor(f64::NAN).first(Duration::MAX);
        assert!(odd.pause(3, 0.5) <= Duration::from_secs(21600));
        assert_eq!(Retry::default().attempts(0).max_attempts(), 1);
    }
}
