//! When to try again.

use std::time::Duration;

use super::settings::ServerSettings;

/// What to do when the app has as many connections as the platform [allows][page], 50.
///
/// [page]: https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/event-subscription-guide/long-connection-mode
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum AtConnectionLimit {
    /// Keep trying, as after any other failure: an old instance may be about to end.
    #[default]
    KeepTrying,
    /// Stop with an error.
    Stop,
}

/// A connection that lasted as long as this was healthy.
const HEALTHY_AFTER: Duration = Duration::from_secs(10);

/// The shortest wait after a connection that was not: the platform's random time may be none.
const LEAST_WAIT: Duration = Duration::from_secs(1);

/// How often to try to reconnect.
///
/// A connection that lasted 10 s was healthy: when it is lost, it is tried again at once. An attempt
/// has failed if it gives no connection, or one that is lost sooner. After the first failure the wait
/// is random, up to 30 s, so that not all clients come at once; after each further one it is 120 s.
/// Both times are those of [`ServerSettings`] before the platform has sent others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Reconnect {
    /// For ever: only what cannot heal ends it.
    #[default]
    Forever,
    /// As often as the platform's settings say, which usually is for ever; once in any case after
    /// a connection that lasted was lost.
    AsThePlatformSays,
    /// As many times in a row.
    AtMost(u32),
}

/// When to try again, attempt for attempt.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// How many attempts have failed since there was a connection that lasted.
    failed: u32,
    /// Whether the random wait that keeps clients from coming all at once has been waited.
    spread: bool,
}

impl Schedule {
    /// The next attempt's number, counted from 1 since there was a connection that lasted.
    pub(super) fn attempt(&self) -> u32 {
        self.failed + 1
    }

    /// How many attempts have failed since there was a connection that lasted.
    pub(super) fn failures(&self) -> u32 {
        self.failed
    }

    /// A connection was lost: after a healthy one it is tried at once, and one that died young is
    /// an attempt that failed; `None` if it was the last.
    pub(super) fn lost(
        &mut self,
        lasted: Duration,
        reconnect: Reconnect,
        settings: &ServerSettings,
    ) -> Option<Duration> {
        if lasted >= HEALTHY_AFTER {
            *self = Self::default();
            return Some(Duration::ZERO);
        }
        let wait = self.failed(reconnect, settings)?;
        Some(wait.max(LEAST_WAIT))
    }

    /// An attempt failed: `None` if it was the last.
    pub(super) fn failed(
        &mut self,
        reconnect: Reconnect,
        settings: &ServerSettings,
    ) -> Option<Duration> {
        self.failed = self.failed.saturating_add(1);
        let most = match reconnect {
            Reconnect::Forever => None,
            Reconnect::AsThePlatformSays => settings.reconnect_count,
            Reconnect::AtMost(attempts) => Some(attempts),
        };
        if most.is_some_and(|most| self.failed >= most) {
            return None;
        }
        Some(if self.spread {
            settings.reconnect_interval
        } else {
            self.spread(settings)
        })
    }

    fn spread(&mut self, settings: &ServerSettings) -> Duration {
        self.spread = true;
        settings.reconnect_nonce.mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ServerSettings {
        ServerSettings {
            reconnect_count: Some(3),
            reconnect_interval: Duration::from_secs(90),
            reconnect_nonce: Duration::from_secs(25),
            ..ServerSettings::default()
        }
    }

    #[test]
    fn after_a_healthy_connection_it_is_tried_at_once_then_with_jitter_then_at_the_interval() {
        let settings = settings();
        let lost_healthy =
            |schedule: &mut Schedule| schedule.lost(HEALTHY_AFTER, Reconnect::Forever, &settings);
        let mut schedule = Schedule::default();
        assert_eq!(lost_healthy(&mut schedule), Some(Duration::ZERO));
        let first = schedule.failed(Reconnect::Forever, &settings).unwrap();
        assert!(first <= Duration::from_secs(25), "{first:?}");
        for _ in 0..1000 {
            let next = schedule.failed(Reconnect::Forever, &settings);
            assert_eq!(next, Some(Duration::from_secs(90)));
        }
        assert_eq!(lost_healthy(&mut schedule), Some(Duration::ZERO));
        assert_eq!(schedule.attempt(), 1);
    }

    #[test]
    fn a_connection_that_never_lasts_is_not_opened_again_and_again_at_once() {
        let settings = settings();
        let lost =
            |schedule: &mut Schedule| schedule.lost(Duration::ZERO, Reconnect::Forever, &settings);
        let waits = (0..1000).map(|_| lost(&mut Schedule::default()).unwrap());
        let total: Duration = waits.sum();
        // 12.5 s on average.
        assert!(total > Duration::from_secs(1000), "{total:?}");
        let mut schedule = Schedule::default();
        lost(&mut schedule);
        assert_eq!(lost(&mut schedule), Some(Duration::from_secs(90)));
        assert_eq!(schedule.attempt(), 3);
    }

    #[test]
    fn the_count_is_followed_only_if_asked_for() {
        let settings = settings();
        let attempts = |reconnect| {
            let mut schedule = Schedule::default();
            let attempts = (0..50).take_while(|_| schedule.failed(reconnect, &settings).is_some());
            attempts.count() + 1
        };
        assert_eq!(attempts(Reconnect::AsThePlatformSays), 3);
        assert_eq!(attempts(Reconnect::AtMost(7)), 7);
        assert_eq!(attempts(Reconnect::Forever), 51);
    }
}
