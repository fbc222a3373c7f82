//! Times as people write and read them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time: so long ago (`90s`, `15m`, `2h`, `3d`), or milliseconds since 1970.
pub(crate) fn parse(text: &str) -> Result<SystemTime, String> {
    let invalid = || {
        format!("`{text}` is not a time: write 90s, 15m, 2h or 3d ago, or milliseconds since 1970")
    };
    let (number, unit) = match text.char_indices().next_back() {
        Some((at, unit)) if !unit.is_ascii_digit() => (&text[..at], Some(unit)),
        _ => (text, None),
    };
    let number: u64 = number.parse().map_err(|_| invalid())?;
    let seconds = match unit {
        None => {
            return UNIX_EPOCH
                .checked_add(Duration::from_millis(number))
                .ok_or_else(invalid);
        }
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        Some(_) => return Err(invalid()),
    };
    let ago = number.checked_mul(seconds).map(Duration::from_secs);
    let then = ago.and_then(|ago| SystemTime::now().checked_sub(ago));
    then.ok_or_else(invalid)
}

/// A duration in its largest unit.
pub(crate) fn age(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_ages_or_milliseconds() {
        let then = parse("2h").unwrap();
        let hours = SystemTime::now().duration_since(then).unwrap();
        assert_eq!(hours.as_secs() / 60, 120);
        assert_eq!(
            parse("1500").unwrap(),
            UNIX_EPOCH + Duration::from_millis(1500)
        );
        for wrong in [
            "",
            "h",
            "2w",
            "-1h",
            "1.5h",
            "２h",
            "999999999999999999999d",
            "18446744073709551615d",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(age(Duration::from_secs(7_300)), "2h");
    }
}
