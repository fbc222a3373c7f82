//! An event as it is kept.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use feishu_events::Transport;

/// What the body of an encrypted event begins with; no JSON does.
pub(crate) const ENCRYPTED: u8 = 1;

/// An event to be kept: verified, decrypted, and not acknowledged yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Identifies the event: its repetitions have the same key, and no other event does. An event
    /// without a key is kept each time it arrives.
    pub key: Option<String>,
    /// The event's name.
    pub event_type: String,
    /// The event's id on the platform.
    pub event_id: Option<String>,
    /// The app that received it.
    pub app_id: Option<String>,
    /// The tenant in which it happened.
    pub tenant_key: Option<String>,
    /// Events with the same order key are handled one after the other, in the order they were kept.
    pub order_key: Option<String>,
    /// How it arrived.
    pub transport: Transport,
    /// When it arrived.
    pub received_at: SystemTime,
    /// The envelope as JSON, without the verification token; encrypted if the inbox was given a key.
    pub body: Vec<u8>,
}

impl fmt::Debug for Entry {
    /// All but the body, which may hold personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", &self.key)
            .field("event_type", &self.event_type)
            .field("event_id", &self.event_id)
            .field("order_key", &self.order_key)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// How a transport is written in stores.
#[allow(dead_code, reason = "the store in memory writes nothing")]
pub(crate) fn transport_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Webhook => "webhook",
        Transport::LongConnection => "long_connection",
        _ => "direct",
    }
}

#[allow(dead_code, reason = "the store in memory writes nothing")]
pub(crate) fn transport_of(name: &str) -> Transport {
    match name {
        "webhook" => Transport::Webhook,
        "long_connection" => Transport::LongConnection,
        _ => Transport::Direct,
    }
}

/// Milliseconds since 1970, as stores write times.
pub(crate) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    duration_millis(since)
}

/// A duration as stores count with it: a century at most, so that sums do not overflow.
pub(crate) fn duration_millis(time: Duration) -> i64 {
    const CENTURY: i64 = 100 * 365 * 24 * 60 * 60 * 1000;
    i64::try_from(time.as_millis()).map_or(CENTURY, |millis| millis.min(CENTURY))
}

pub(crate) fn time_of(millis: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}
