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

/// The longest wait after the first failed attempt.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// How much longer each further wait may be. The waits so far take about as long as the next two, so
/// that a client is back soon after the platform is, however long the platform was away.
const GROWTH: f64 = 1.5;

/// How often to try to reconnect.
///
/// A connection over which something arrived, or that lasted 10 s, was a success: when it is lost,
/// the next attempt follows within a random time of up to 1 s, or of up to 2 s if the platform closed
/// it, because it may have closed those of other clients too. A client knows only its own history, so
/// this is all it waits while a new connection succeeds at once. There is never more than one connection per second.
///
/// When an attempt fails, the platform may be away for all of its clients. The waits then grow: up to 1 s
/// after the first failure, and up to half as long again after each further one, until they are as long as the
/// platform's [`reconnect_interval`](ServerSettings::reconnect_interval). Each is random, from half of
/// that to all of it, so that the clients are the more spread out the longer the platform was away.
///
/// A connection that ends sooner, and over which nothing arrived, is also an attempt that failed, but the wait after
/// it is never longer than the platform's [`reconnect_nonce`](ServerSettings::reconnect_nonce). If that is
/// shorter than 1 s or 2 s, the waits after a success are shortened, too.
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
    /// How many attempts have failed since there was a connection that was a success.
    failed: u32,
}

impl Schedule {
    /// The next attempt's number, counted from 1 since there was a connection that was a success.
    pub(super) fn attempt(&self) -> u32 {
        self.failed + 1
    }

    /// How many attempts have failed since there was a connection that was a success.
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
            self.failed = 0;
            let most = if closed { JITTER_IF_CLOSED } else { JITTER };
            let jitter = up_to(most.min(settings.reconnect_nonce));
            return Some(jitter.max(LEAST_WAIT.saturating_sub(lasted)));
        }
        let longest = self.longest_wait();
        self.count_failure(reconnect, settings)?;
        Some(up_to(longest.min(settings.reconnect_nonce)).max(LEAST_WAIT))
    }

    /// An attempt failed: `None` if it was the last.
    pub(super) fn failed(
        &mut self,
        reconnect: Reconnect,
        settings: &ServerSettings,
    ) -> Option<Duration> {
        let longest = self.longest_wait();
        self.count_failure(reconnect, settings)?;
        Some(if longest < settings.reconnect_interval {
            longest / 2 + up_to(longest / 2)
        } else {
            settings.reconnect_interval
        })
    }

    fn count_failure(&mut self, reconnect: Reconnect, settings: &ServerSettings) -> Option<()> {
        self.failed = self.failed.saturating_add(1);
        let most = match reconnect {
            Reconnect::Forever => None,
            Reconnect::AsThePlatformSays => settings.reconnect_count,
            Reconnect::AtMost(attempts) => Some(attempts),
        };
        most.is_none_or(|most| self.failed < most).then_some(())
    }

    /// The longest wait after the next failure, whatever the platform's settings say.
    fn longest_wait(&self) -> Duration {
        // Beyond 32 growths it is longer than any setting.
        let growths = i32::try_from(self.failed.min(32)).unwrap_or(32);
        FIRST_WAIT.mul_f64(GROWTH.powi(growths))
    }
}

/// A random time of at most `most`.
fn up_to(most: Duration) -> Duration {
    most.mul_f64(fastrand::f64())
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

    const FOREVER: Reconnect = Reconnect::Forever;

    #[test]
    fn after_a_healthy_connection_it_is_tried_at_once_then_with_waits_that_grow() {
        let settings = settings();
        let lost = Lost {
            lasted: HEALTHY_AFTER,
            received: false,
            closed: false,
        };
        let mut schedule = Schedule::default();
        assert!(schedule.lost(lost, FOREVER, &settings).unwrap() <= JITTER);
        let mut longest = 1.0;
        while longest < 90.0 {
            let wait = schedule.failed(FOREVER, &settings).unwrap().as_secs_f64();
            assert!(
                (longest / 2.0..=longest).contains(&wait),
                "{wait} of {longest}"
            );
            longest *= GROWTH;
        }
        for _ in 0..1000 {
            let next = schedule.failed(FOREVER, &settings);
            assert_eq!(next, Some(Duration::from_secs(90)));
        }
        assert!(schedule.lost(lost, FOREVER, &settings).unwrap() <= JITTER);
        assert_eq!(schedule.attempt(), 1);
    }

    #[test]
    fn a_client_is_back_soon_after_the_platform_is() {
        for away in 1..=60 {
            let away = f64::from(away);
            let offline = (0..1000).map(|_| offline(away)).collect::<Vec<_>>();
            let longest = offline.iter().copied().fold(0.0, f64::max);
            assert!(longest <= 2.0 * away + 1.0, "{longest} s instead of {away}");
            let average = offline.iter().sum::<f64>() / 1000.0;
            assert!(
                average <= 1.4 * away + 1.0,
                "{average} s instead of {away}, on average"
            );
        }
    }

    /// For how long a client is offline if the platform is away for so many seconds.
    fn offline(away: f64) -> f64 {
        let settings = ServerSettings::default();
        let (mut schedule, mut offline) = (Schedule::default(), 0.0);
        while offline < away {
            let wait = schedule.failed(FOREVER, &settings).unwrap();
            offline += wait.as_secs_f64();
        }
        offline
    }

    #[test]
    fn the_longer_the_platform_is_away_the_more_its_clients_are_spread() {
        for (away, spread) in [(5.0, 1.0), (30.0, 8.0), (60.0, 15.0)] {
            let mut back: Vec<f64> = (0..40).map(|_| offline(away)).collect();
            back.sort_by(f64::total_cmp);
            assert!(back[39] - back[0] > spread, "{away} s: {back:?}");
        }
    }

    /// Of many clients that are dropped at once.
    fn waits(lasted: u64, closed: bool, settings: &ServerSettings) -> Vec<Duration> {
        let lost = Lost {
            lasted: Duration::from_secs(lasted),
            received: true,
            closed,
        };
        let mut waits: Vec<Duration> = (0..1000)
            .map(|_| Schedule::default().lost(lost, FOREVER, settings))
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
    fn a_connection_that_never_lasts_is_opened_again_within_the_platforms_random_time() {
        let nothing = Lost {
            lasted: Duration::ZERO,
            received: false,
            closed: true,
        };
        let waits = |nonce| -> Vec<Duration> {
            let settings = ServerSettings {
                reconnect_nonce: Duration::from_secs(nonce),
                ..settings()
            };
            let mut schedule = Schedule::default();
            let lost = (0..1000).map(|_| schedule.lost(nothing, FOREVER, &settings));
            lost.map(Option::unwrap).collect()
        };
        let random = waits(25);
        assert_eq!(random[0], LEAST_WAIT);
        let longest = *random.iter().max().unwrap();
        assert!(longest > Duration::from_secs(20) && longest <= Duration::from_secs(25));
        // 12.5 s on average.
        let total: Duration = random.iter().sum();
        assert!(total > Duration::from_secs(10_000) && total < Duration::from_secs(15_000));
        assert!(waits(0).iter().all(|wait| *wait == LEAST_WAIT));
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
