//! What the platform decides about pings and reconnecting.

use std::time::Duration;

use serde_json::Value;

/// Longer than a ping may be away from the next, a value is a mistake.
const LONGEST_PING_INTERVAL: i64 = 60 * 60;

/// Longer than a reconnect may be put off, a value is a mistake.
const LONGEST_WAIT: i64 = 24 * 60 * 60;

/// What the platform decides about pings and reconnecting; it sends it when a connection is
/// asked for, and again in its answers to pings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerSettings {
    /// The time from one ping to the next.
    pub ping_interval: Duration,
    /// How often to try to reconnect; `None` is without a limit.
    ///
    /// It is followed only with [`Reconnect::AsThePlatformSays`](super::Reconnect).
    pub reconnect_count: Option<u32>,
    /// The time from one attempt to the next.
    pub reconnect_interval: Duration,
    /// The longest of the random time before the first attempt, so that not all clients come at
    /// once.
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
        let seconds = |name: &str, least: i64, most: i64| {
            let value = config.get(name)?;
            let seconds = value.as_i64().filter(|s| (least..=most).contains(s));
            if seconds.is_none() {
                tracing::debug!("the platform's `{name}` is invalid and was ignored");
            }
            // Not negative, for `least` is not.
            Some(Duration::from_secs(seconds?.unsigned_abs()))
        };
        if let Some(interval) = seconds("PingInterval", 1, LONGEST_PING_INTERVAL) {
            self.ping_interval = interval;
        }
        if let Some(interval) = seconds("ReconnectInterval", 1, LONGEST_WAIT) {
            self.reconnect_interval = interval;
        }
        if let Some(nonce) = seconds("ReconnectNonce", 0, LONGEST_WAIT) {
            self.reconnect_nonce = nonce;
        }
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
