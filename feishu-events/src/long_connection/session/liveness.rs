//! When to ping, and when a connection is dead.
//!
//! There are two pings. The platform's own, at its interval, keeps the connection registered and
//! fetches settings; when it goes unanswered for some intervals, the platform has forgotten the
//! connection, even if something between still answers. A WebSocket ping goes out when nothing has
//! come for a while, so that a dead connection is noticed in 20 s, not after minutes.

use std::time::Duration;

use tokio::time::Instant;

use crate::delivery::after;
use crate::long_connection::session::activity::Activity;

/// After so many intervals without a frame, the platform has forgotten the connection: one answer
/// may be lost, and the ping after it be late.
const FORGOTTEN_AFTER: u32 = 3;

/// How long silence is borne.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::long_connection) struct Timeouts {
    /// After so much silence a WebSocket ping goes out; `None` is never.
    pub(in crate::long_connection) probe_after: Option<Duration>,
    /// How long something may take to come after it was due.
    pub(in crate::long_connection) margin: Duration,
}

/// What has been sent on a connection to get an answer.
#[derive(Debug)]
pub(in crate::long_connection) struct Liveness {
    timeouts: Timeouts,
    /// The last ping.
    pinged: Option<Instant>,
    /// The first ping, and the first probe, after something came last.
    waiting: Option<Sent>,
    probed: Option<Sent>,
}

/// What waits for a sign of life.
#[derive(Debug, Clone, Copy)]
struct Sent {
    at: Instant,
    /// The number of the last sign before it.
    after: u64,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::long_connection) enum Due {
    /// The platform's ping.
    Ping,
    /// A WebSocket ping.
    Probe,
    /// Nothing has come for this long: the connection is dead.
    Dead(Duration),
    /// Bytes come, but the platform has answered none of its own pings for this long.
    Forgotten(Duration),
    /// Nothing before then, unless the interval changes.
    Nothing { until: Instant },
}

impl Liveness {
    pub(in crate::long_connection) fn new(timeouts: Timeouts) -> Self {
        Self {
            timeouts,
            pinged: None,
            waiting: None,
            probed: None,
        }
    }

    /// What is to be done now, if `heard` was the last sign of life, and `frame` the last frame of
    /// a platform that answers its pings; it is taken for done.
    pub(in crate::long_connection) fn due(
        &mut self,
        now: Instant,
        heard: Activity,
        frame: Option<Instant>,
        interval: Duration,
    ) -> Due {
        self.waiting = self.waiting.filter(|ping| ping.after == heard.number);
        self.probed = self.probed.filter(|probe| probe.after == heard.number);
        let margin = self.timeouts.margin;
        let ping_at = self.pinged.map_or(now, |ping| after(ping, interval));
        let probe_at = match self.probed {
            None => self
                .timeouts
                .probe_after
                .map(|silence| after(heard.at, silence)),
            Some(_) => None,
        };
        let dead_at = [
            self.waiting
                .map(|ping| after(ping.at, interval.saturating_add(margin))),
            self.probed.map(|probe| after(probe.at, margin)),
        ];
        let dead_at = dead_at.into_iter().flatten().min();
        // Death first: a machine that was asleep must not ping on a connection that is long gone.
        if dead_at.is_some_and(|at| at <= now) {
            return Due::Dead(now - heard.at);
        }
        let bears = interval.saturating_mul(FORGOTTEN_AFTER);
        let bears = bears.saturating_add(margin);
        let forgotten_at = frame.map(|frame| after(frame, bears));
        if let Some(frame) = frame
            && forgotten_at.is_some_and(|at| at <= now)
        {
            return Due::Forgotten(now - frame);
        }
        let sent = Sent {
            at: now,
            after: heard.number,
        };
        if ping_at <= now {
            self.pinged = Some(now);
            self.waiting = self.waiting.or(Some(sent));
            return Due::Ping;
        }
        if probe_at.is_some_and(|at| at <= now) {
            self.probed = Some(sent);
            return Due::Probe;
        }
        let next = [Some(ping_at), probe_at, dead_at, forgotten_at];
        let until = next.into_iter().flatten().min().unwrap_or(ping_at);
        Due::Nothing { until }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Runs the machine for a while, in which something comes `answers` after each ping or probe;
    /// gives back what was done, and when.
    fn run(
        timeouts: Timeouts,
        interval: Duration,
        answers: impl Fn(Duration) -> Option<Duration>,
        until: Duration,
    ) -> Vec<(u64, Due)> {
        let start = Instant::now();
        let mut liveness = Liveness::new(timeouts);
        let mut now = start;
        let mut heard = Activity {
            at: start,
            number: 0,
        };
        let mut coming: Option<Instant> = None;
        let mut done = Vec::new();
        while now - start <= until {
            if coming.is_some_and(|at| at <= now) {
                heard.at = coming.take().unwrap();
                heard.number += 1;
            }
            match liveness.due(now, heard, None, interval) {
                Due::Nothing { until } => now = coming.map_or(until, |at| at.min(until)),
                due => {
                    done.push(((now - start).as_secs(), due));
                    if matches!(due, Due::Dead(_)) {
                        break;
                    }
                    let answer = answers(now - start).map(|after| now + after);
                    coming = coming.or(answer);
                }
            }
        }
        done
    }

    const BOTH: Timeouts = Timeouts {
        probe_after: Some(Duration::from_secs(20)),
        margin: Duration::from_secs(15),
    };

    #[test]
    fn an_idle_connection_is_pinged_at_the_interval_and_probed_between() {
        let done = run(BOTH, seconds(50), |_| Some(seconds(1)), seconds(100));
        let expected = [
            (0, Due::Ping),
            (21, Due::Probe),
            (42, Due::Probe),
            (50, Due::Ping),
            (71, Due::Probe),
            (92, Due::Probe),
            (100, Due::Ping),
        ];
        assert_eq!(done, expected);
    }

    #[test]
    fn death_is_noticed_by_a_probe_whatever_the_interval() {
        let alive = |at: Duration| (at < seconds(30)).then_some(seconds(1));
        let done = run(BOTH, seconds(3600), alive, seconds(10_000));
        assert_eq!(done.last(), Some(&(57, Due::Dead(seconds(35)))));
    }

    #[test]
    fn without_probes_death_is_noticed_after_interval_and_margin() {
        let timeouts = Timeouts {
            probe_after: None,
            ..BOTH
        };
        // The ping at 120 s is the first without an answer.
        let alive = |at: Duration| (at < seconds(60)).then_some(seconds(1));
        let done = run(timeouts, seconds(120), alive, seconds(10_000));
        let expected = [
            (0, Due::Ping),
            (120, Due::Ping),
            (240, Due::Ping),
            (255, Due::Dead(seconds(254))),
        ];
        assert_eq!(done, expected);
    }

    #[test]
    fn after_a_long_sleep_nothing_is_sent_any_more() {
        let start = Instant::now();
        let heard = Activity {
            at: start,
            number: 0,
        };
        let mut liveness = Liveness::new(BOTH);
        assert_eq!(liveness.due(start, heard, None, seconds(50)), Due::Ping);
        let later = start + seconds(5000);
        let due = liveness.due(later, heard, Some(start), seconds(50));
        assert_eq!(due, Due::Dead(seconds(5000)));
    }
}
