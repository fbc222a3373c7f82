//! Points in time: the platform sends Unix time in several units.

use std::time::{Duration, SystemTime};

/// A field that can hold a Unix time.
pub trait UnixTime {
    /// The number, if the field holds one.
    fn number(&self) -> Option<u64>;
}

impl UnixTime for Option<String> {
    fn number(&self) -> Option<u64> {
        self.as_deref()?.parse().ok()
    }
}

impl UnixTime for Option<&str> {
    fn number(&self) -> Option<u64> {
        self.and_then(|text| text.parse().ok())
    }
}

impl UnixTime for Option<i64> {
    fn number(&self) -> Option<u64> {
        self.and_then(|number| u64::try_from(number).ok())
    }
}

/// The point in time in `field`.
///
/// The unit is derived from the size of the number, because the platform's pages contradict each
/// other: seconds, milliseconds and microseconds of the years 1973 to 5138 do not overlap. Zero,
/// which means "never", is `None`.
pub fn instant(field: &impl UnixTime) -> Option<SystemTime> {
    const MILLISECONDS_FROM: u64 = 100_000_000_000;
    const MICROSECONDS_FROM: u64 = 100_000_000_000_000;
    let number = field.number().filter(|number| *number > 0)?;
    let since = match number {
        MICROSECONDS_FROM.. => Duration::from_micros(number),
        MILLISECONDS_FROM.. => Duration::from_millis(number),
        _ => Duration::from_secs(number),
    };
    SystemTime::UNIX_EPOCH.checked_add(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_follows_from_the_size() {
        let at = |text: &str| instant(&Some(text.to_owned()));
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1_608_725_989);
        assert_eq!(at("1608725989"), Some(second));
        assert_eq!(at("1608725989000"), Some(second));
        assert_eq!(at("1608725989000000"), Some(second));
        assert_eq!(instant(&Some(1_608_725_989_i64)), Some(second));
        for not_a_time in ["", "0", "-1", "2020-01-01", "1608725989.5"] {
            assert_eq!(at(not_a_time), None, "{not_a_time}");
        }
        assert_eq!(instant(&None::<i64>), None);
    }
}
