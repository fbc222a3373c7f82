//! Times as people write them.

use std::time::{Duration, SystemTime};

/// A duration: `30s`, `1h 30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text).map_err(|error| format!("{error}: write 30s, 5m or 2h"))
}

/// A point in time: so long ago, or as RFC 3339.
pub(crate) fn since(text: &str) -> Result<SystemTime, String> {
    if let Ok(ago) = humantime::parse_duration(text) {
        let then = SystemTime::now().checked_sub(ago);
        return then.ok_or_else(|| "that is too long ago".to_owned());
    }
    humantime::parse_rfc3339_weak(text).map_err(|_| {
        "write 90s, 15m, 2h or 3d ago, or a time such as 2026-01-31T08:00:00Z".to_owned()
    })
}
