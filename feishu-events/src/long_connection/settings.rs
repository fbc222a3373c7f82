//! What the platform decides about pings and reconnecting.

use std::time::Duration;

use serde_json::Value;

/// The longest of each time, whatever the platform says: it must not keep a client offline.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// What is longer is a mistake, and changes nothing.
const LONGEST_SENSIBLE: i64 = 24 * 60 * 60;

/// What the platform decides about pings and reconnecting; it sends it when a connection is
/// asked for, and again in its answers to pings. Times of more than 5 min count as 5 min.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerSettings {
    /// The time from one ping to the next.
    pub ping_interval: Duration,
    /// How often to try to reconnect; `None` means without limit.
    ///
    /// It applies only with [`Reconnect::AsThePlatformSays`](super::Reconnect).
    pub reconnect_count: Option<u32>,
    /// The longest time from one failed attempt to the next; the waits grow up to it.
    pub reconnect_interval: Duration,
    /// The maximum of random waits, which keep clients from connecting all at once: how it is used is
    /// described at [`Reconnect`](super::Reconnect).
    pub reconnect_nonce: Duration,
}

impl Default for ServerSettings {
    /// What the official clients do before the platform has said anything.
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(120),
            reconnect_count: None,
            reconnect_interval: Duration::from_secs(120),
            reconnect_nonce: Duration::from_secs(30),
        }
    }
}

impl ServerSettings {
    /// Takes over each member that is there and makes sense; the others stay as they are.
    pub(super) fn merge(&mut self, config: &Value) {
        let take = |name: &str, least: i64, setting: &mut Duration| {
            let Some(value) = config.get(name) else {
                return;
            };
            let seconds = value.as_i64();
            let Some(seconds) = seconds.filter(|s| (least..=LONGEST_SENSIBLE).contains(s)) else {
                tracing::debug!("the platform's `{name}` is invalid, and is left as it was");
                return;
            };
            // Not negative, because `least` is not.
            let asked = Duration::from_secs(seconds.unsigned_abs());
            // Once: the next time it is the longest already.
            if asked > LONGEST && *setting != LONGEST {
                tracing::warn!("the platform's `{name}` is {asked:?}: {LONGEST:?} is used instead");
            }
            *setting = asked.min(LONGEST);
        };
        take("PingInterval", 1, &mut self.ping_interval);
        take("ReconnectInterval", 1, &mut self.reconnect_interval);
        take("ReconnectNonce", 0, &mut self.reconnect_nonce);
        if let Some(count) = config.get("ReconnectCount").and_then(Value::as_i64) {
            // A negative number is without a limit; so are more attempts than will ever be made.
            self.reconnect_count = u32::try_from(count).ok();
        }
    }

    /// The settings in a pong: a payload that is not an object changes nothing.
    pub(super) fn merge_payload(&mut self, payload: &[u8]) {
        match serde_json::from_slice(payload) {
            Ok(config @ Value::Object(_)) => self.merge(&config),
            _ if payload.is_empty() => {}
            _ => tracing::debug!("ignored a pong whose payload is not an object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_support::log::Warnings;

    fn merged(config: &Value) -> ServerSettings {
        let mut settings = ServerSettings::default();
        settings.merge(config);
        settings
    }

    #[test]
    fn each_member_is_taken_by_itself() {
        let settings = merged(&json!({ "PingInterval": 17, "Future": { "a": [1] } }));
        let expected = ServerSettings {
            ping_interval: Duration::from_secs(17),
            ..ServerSettings::default()
        };
        assert_eq!(settings, expected);
        let settings = merged(&json!({ "ReconnectCount": 0, "ReconnectNonce": 0 }));
        assert_eq!(settings.reconnect_count, Some(0));
        assert_eq!(settings.reconnect_nonce, Duration::ZERO);
    }

    #[test]
    fn absurd_values_leave_what_was() {
        let absurd = [
            json!(0),
            json!(-1),
            json!("5"),
            json!(null),
            json!(1.5),
            json!(true),
            json!([1]),
            json!(i64::MAX),
            json!(u64::MAX),
            json!(1e300),
        ];
        for value in absurd {
            let settings = merged(&json!({ "PingInterval": value, "ReconnectInterval": value }));
            assert_eq!(settings, ServerSettings::default(), "{value}");
        }
        let settings = merged(&json!({ "ReconnectNonce": -1, "ReconnectCount": "many" }));
        assert_eq!(settings, ServerSettings::default());
    }

    #[test]
    fn no_time_is_longer_than_five_minutes() {
        for name in ["PingInterval", "ReconnectInterval", "ReconnectNonce"] {
            for (seconds, longest) in [(299, 299), (301, 300), (65_000, 300)] {
                let settings = merged(&json!({ name: seconds }));
                let times = [
                    settings.ping_interval,
                    settings.reconnect_interval,
                    settings.reconnect_nonce,
                ];
                assert_eq!(
                    times.iter().max(),
                    Some(&Duration::from_secs(longest)),
                    "{name}"
                );
            }
        }
    }

    #[tokio::test]
    async fn a_time_that_is_too_long_is_logged_once_however_often_the_platform_sends_it() {
        let absurd = json!({ "PingInterval": 301, "ReconnectInterval": 65_000 });
        let log = async || {
            merged(&absurd);
        };
        let (warnings, _guard) = Warnings::listen("`PingInterval`", "301s", log).await;
        warnings.take("");
        let mut settings = ServerSettings::default();
        for _ in 0..3 {
            settings.merge(&absurd);
        }
        let logged = warnings.take("300s is used instead");
        assert_eq!(logged.len(), 2, "{logged:?}");
        assert!(
            logged[1].contains("the platform's `ReconnectInterval` is 65000s"),
            "{logged:?}"
        );
    }

    #[test]
    fn a_negative_count_is_for_ever() {
        let mut settings = merged(&json!({ "ReconnectCount": 7 }));
        assert_eq!(settings.reconnect_count, Some(7));
        settings.merge(&json!({ "ReconnectCount": i64::MIN }));
        assert_eq!(settings.reconnect_count, None);
    }

    #[test]
    fn a_payload_that_is_no_object_changes_nothing() {
        let mut settings = ServerSettings::default();
        for payload in ["", "oops", "[17]", "17", "{\"PingInterval\":1", "null"] {
            settings.merge_payload(payload.as_bytes());
            assert_eq!(settings, ServerSettings::default(), "{payload}");
        }
    }
}
