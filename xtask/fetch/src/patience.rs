//! Retries: how long to wait, and when to stop.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

use crate::fault::Fault;

/// After this many failed pages in a row, each page gets only one try, until one succeeds.
const TROUBLE: u32 = 20;

/// After this many failed pages in a row, the rest is not tried.
const DOWN: u32 = 100;

/// How long to wait, and when to stop.
#[derive(Debug)]
pub(crate) struct Patience {
    tries: u32,
    first: Duration,
    longest: Duration,
    closed_until: Cell<Option<Instant>>,
    failed_in_a_row: Cell<u32>,
}

impl Patience {
    /// `tries` for each page, with a pause that starts at `first` and doubles up to `longest`.
    pub(crate) fn new(tries: u32, first: Duration, longest: Duration) -> Self {
        Self {
            tries,
            first,
            longest,
            closed_until: Cell::new(None),
            failed_in_a_row: Cell::new(0),
        }
    }

    /// Waits until requests are allowed again.
    pub(crate) async fn until_open(&self) {
        // Another request may extend the pause meanwhile.
        while let Some(until) = self.closed_until.get().filter(|it| *it > Instant::now()) {
            tokio::time::sleep_until(until).await;
        }
    }

    /// Waits after the fault of try `tried` (the first is 1). Returns false, without waiting, if there
    /// should be no further try.
    pub(crate) async fn after(&self, fault: &Fault, tried: u32) -> bool {
        let in_trouble = self.failed_in_a_row.get() >= TROUBLE;
        if tried >= if in_trouble { 1 } else { self.tries } {
            return false;
        }
        if let Some(pause) = fault.pause() {
            // A longer pause is not worth waiting for.
            if pause > self.longest {
                return false;
            }
            // The pause applies to all requests, not only to this one.
            let until = Instant::now() + pause;
            self.closed_until.update(|before| before.max(Some(until)));
        }
        tokio::time::sleep(self.pause(tried)).await;
        true
    }

    /// Records whether a page succeeded.
    pub(crate) fn note(&self, succeeded: bool) {
        self.failed_in_a_row.update(|failed| {
            if succeeded {
                0
            } else {
                failed.saturating_add(1)
            }
        });
    }

    /// Whether to stop, because the portal seems to be down.
    pub(crate) fn is_over(&self) -> bool {
        self.failed_in_a_row.get() >= DOWN
    }

    /// The pause, which doubles with each try; half of it is random, so that requests that failed
    /// together are not repeated together.
    fn pause(&self, tried: u32) -> Duration {
        let doubled = 2u32.saturating_pow(tried - 1);
        let full = self.first.saturating_mul(doubled).min(self.longest);
        full.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use ureq::http::StatusCode;

    use super::*;

    fn patience() -> Patience {
        Patience::new(6, Duration::from_millis(500), Duration::from_secs(20))
    }

    fn busy(pause: Option<u64>) -> Fault {
        Fault::Status {
            status: StatusCode::TOO_MANY_REQUESTS,
            pause: pause.map(Duration::from_secs),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_up_to_the_longest() {
        let patience = patience();
        for (tried, full) in [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0)] {
            let begun = Instant::now();
            assert!(patience.after(&busy(None), tried).await);
            let waited = begun.elapsed().as_secs_f64();
            assert!(
                waited >= full / 2.0 && waited <= full + 0.01,
                "{waited} of {full}"
            );
        }
        let begun = Instant::now();
        assert!(!patience.after(&busy(None), 6).await);
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert!(patience.pause(40) <= Duration::from_secs(20));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_the_portal_asks_for_applies_to_all_requests() {
        let patience = patience();
        let begun = Instant::now();
        assert!(patience.after(&busy(Some(7)), 1).await);
        patience.until_open().await;
        assert!(begun.elapsed() >= Duration::from_secs(7));
        patience.until_open().await;
        assert!(begun.elapsed() < Duration::from_secs(8));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_is_too_long_ends_the_tries() {
        let patience = patience();
        for seconds in [21, u64::MAX] {
            assert!(!patience.after(&busy(Some(seconds)), 1).await);
        }
        let begun = Instant::now();
        patience.until_open().await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_portal_that_is_down_is_no_longer_tried() {
        let patience = patience();
        for _ in 0..TROUBLE {
            patience.note(false);
        }
        assert!(!patience.after(&busy(None), 1).await);
        assert!(!patience.is_over());
        for _ in TROUBLE..DOWN {
            patience.note(false);
        }
        assert!(patience.is_over());
        patience.note(true);
        assert!(!patience.is_over());
        assert!(patience.after(&busy(None), 1).await);
    }
}
