//! When to reconnect.

use std::time::Duration;

use super::settings::ServerSettings;

/// What to do when the app has as many connections as the platform [allows][page], 50.
///
/// [page]: https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/event-subscription-guide/long-connection-mode
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum AtConnectionLimit {
    /// Keep trying, as after any other failure: an old instance may be about to stop.
    #[default]
    KeepTrying,
    /// Stop with an error.
    Stop,
}

/// A connection that lasted as long as this was a success, even if nothing arrived over it.
const HEALTHY_AFTER: Duration = Duration::from_secs(10);

/// The shortest time from one connection to the next: the platform's random time may be zero.
const LEAST_WAIT: Duration = Duration::from_secs(1);

/// The longest random wait after a connection that was a success.
const JITTER: Duration = Duration::from_secs(1);

/// The same if the platform closed the connection: then it has probably closed others as well.
const JITTER_IF_CLOSED: Duration = Duration::from_secs(2);

/// How often to try to reconnect.
///
/// A connection over which something arrived, or that lasted 10 s, was a success: when it is lost,
/// the next attempt follows within a random time of up to 1 s, or of up to 2 s if the platform closed
/// it, because it may have closed those of other clients too. There is never more than one connection
/// per second. An attempt has failed if it results in no connection, or in one that ends sooner and over which
/// nothing arrived. After the first failure the wait is random, up to 30 s, so that not all clients connect at
/// once; after each further one it is 120 s. Both are the defaults of [`ServerSettings`], until the
/// platform sends others; if it sends a time shorter than 1 s or 2 s, those are shortened, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Reconnect {
    /// Indefinitely: only a failure that retrying does not fix ends it.
    #[default]
    Forever,
    /// As often as the platform's settings say, usually indefinitely; at least once after a
    /// healthy connection was lost.
    AsThePlatformSays,
    /// At most this many failed attempts in a row.
    AtMost(u32),
}

/// How a connection was lost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lost {
    /// How long it lasted.
    pub(super) lasted: Duration,
    /// Whether the platform sent anything over it.
    pub(super) received: bool,
    /// Whether the platform closed it.
    pub(super) closed: bool,
}

/// When to try again, attempt for attempt.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// How many attempts have failed since there was a connection that lasted.
    failed: u32,
    /// Whether the random wait, which spreads clients, is over.
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

    /// A connection was lost: after a success the next follows soon, and one that gave nothing is an
    /// attempt that failed; `None` if it was the last.
    pub(super) fn lost(
        &mut self,
        Lost {
            lasted,
            received,
            closed,
        }: Lost,
        reconnect: Reconnect,
        settings: &ServerSettings,
    ) -> Option<Duration> {
        if received || lasted >= HEALTHY_AFTER {
            *self = Self::default();
            let most = if closed { JITTER_IF_CLOSED } else { JITTER };
            let jitter = most.min(settings.reconnect_nonce).mul_f64(fastrand::f64());
            return Some(jitter.max(LEAST_WAIT.saturating_sub(lasted)));
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
        let lost = Lost {
            lasted: HEALTHY_AFTER,
            received: false,
            closed: false,
        };
        let lost_healthy =
            |schedule: &mut Schedule| schedule.lost(lost, Reconnect::Forever, &settings);
        let mut schedule = Schedule::default();
        assert!(lost_healthy(&mut schedule).unwrap() <= JITTER);
        let first = schedule.failed(Reconnect::Forever, &settings).unwrap();
        assert!(first <= Duration::from_secs(25), "{first:?}");
        for _ in 0..1000 {
            let next = schedule.failed(Reconnect::Forever, &settings);
            assert_eq!(next, Some(Duration::from_secs(90)));
        }
        assert!(lost_healthy(&mut schedule).unwrap() <= JITTER);
        assert_eq!(schedule.attempt(), 1);
    }

    /// Of many clients that are dropped at once.
    fn waits(lasted: u64, closed: bool, settings: &ServerSettings) -> Vec<Duration> {
        let lost = Lost {
            lasted: Duration::from_secs(lasted),
            received: true,
            closed,
        };
        let mut waits: Vec<Duration> = (0..1000)
            .map(|_| Schedule::default().lost(lost, Reconnect::Forever, settings))
            .map(Option::unwrap)
            .collect();
        waits.sort();
        waits
    }

    #[test]
    fn clients_that_are_dropped_at_once_do_not_come_back_at_once() {
        let settings = ServerSettings::default();
        for (closed, most) in [(false, JITTER), (true, JITTER_IF_CLOSED)] {
            let waits = waits(3, closed, &settings);
            assert!(waits[999] <= most, "{:?}", waits[999]);
            // Spread over the whole time.
            assert!(
                waits[100] < most / 5 && waits[900] > most * 4 / 5,
                "{waits:?}"
            );
        }
        let none = ServerSettings {
            reconnect_nonce: Duration::ZERO,
            ..settings
        };
        assert_eq!(waits(3, true, &none)[999], Duration::ZERO);
        // One connection per second, whatever the platform says.
        assert_eq!(waits(0, true, &none)[0], LEAST_WAIT);
    }

    #[test]
    fn waits_do_not_grow_over_connections_that_received_something() {
        let mut schedule = Schedule::default();
        let lost = Lost {
            lasted: Duration::from_secs(2),
            received: true,
            closed: false,
        };
        for _ in 0..100 {
            let wait = schedule.lost(lost, Reconnect::AtMost(1), &settings());
            assert!(wait.unwrap() <= JITTER);
            assert_eq!(schedule.attempt(), 1);
        }
    }

    #[test]
    fn a_connection_that_never_lasts_is_not_opened_again_and_again_at_once() {
        let settings = settings();
        let nothing = Lost {
            lasted: Duration::ZERO,
            received: false,
            closed: true,
        };
        let lost = |schedule: &mut Schedule| schedule.lost(nothing, Reconnect::Forever, &settings);
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
