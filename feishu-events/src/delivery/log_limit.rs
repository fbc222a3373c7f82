//! Log lines that a sender can cause as often as he likes: one a minute for each cause.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How often the same cause is logged.
const PAUSE: Duration = Duration::from_secs(60);

/// Lets one line of each cause pass a minute. There must be few causes: those that code names, not
/// those that a sender writes.
pub(crate) struct LogLimit<C>(Mutex<Vec<Line<C>>>);

struct Line<C> {
    cause: C,
    logged: Instant,
    left_out: u64,
}

impl<C> Default for LogLimit<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: PartialEq> LogLimit<C> {
    /// Whether to log a line of this cause now; then, how many were left out since the last one.
    pub(crate) fn pass(&self, cause: C) -> Option<u64> {
        let now = Instant::now();
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(line) = lines.iter_mut().find(|line| line.cause == cause) else {
            lines.push(Line {
                cause,
                logged: now,
                left_out: 0,
            });
            return Some(0);
        };
        if now.duration_since(line.logged) < PAUSE {
            line.left_out += 1;
            return None;
        }
        line.logged = now;
        Some(std::mem::take(&mut line.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_cause_is_logged_once_a_minute_with_how_many_were_left_out() {
        let limit = LogLimit::default();
        assert_eq!((limit.pass("a"), limit.pass("b")), (Some(0), Some(0)));
        for _ in 0..1000 {
            assert_eq!(limit.pass("a"), None);
        }
        tokio::time::advance(PAUSE).await;
        assert_eq!((limit.pass("a"), limit.pass("b")), (Some(1000), Some(0)));
        assert_eq!(limit.pass("a"), None);
    }
}
