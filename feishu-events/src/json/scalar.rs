//! Conversions between scalars that lose nothing.

use serde_json::Value;

use crate::json::open_enum::WireValue;
use crate::json::record::Slot;

/// Puts `value` into `slot` if it can be converted without loss; whether it could.
pub(crate) fn convert(slot: &mut Slot<'_>, value: &Value) -> bool {
    match slot {
        Slot::String(place) => set(place, string(value)),
        Slot::Int(place) => set(place, int(value)),
        Slot::Float(place) => set(place, float(value)),
        Slot::Bool(place) => set(place, boolean(value)),
        Slot::Enum(place) => match (int(value), string_of(value)) {
            (Some(int), _) if place.is_int() => {
                place.set(WireValue::Int(int));
                true
            }
            // A code where a number is documented, or the other way round: the enum is open.
            (_, Some(text)) => {
                place.set(WireValue::Text(&text));
                true
            }
            _ => false,
        },
        Slot::StringOrObject(place) => match string(value) {
            Some(text) => {
                place.set_string(text);
                true
            }
            None => false,
        },
        Slot::Json(_) | Slot::Map(_) | Slot::Object(_) | Slot::List(_) => false,
    }
}

fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}

/// The text of any scalar that has one.
fn string_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        other => string(other),
    }
}

fn string(value: &Value) -> Option<String> {
    match value {
        // Where floats are further apart than integers, the digits that came are already lost.
        Value::Number(number) => {
            let exact = |float: f64| float.fract() != 0.0 || integral(float).is_some();
            let lossless = !number.is_f64() || number.as_f64().is_some_and(exact);
            lossless.then(|| number.to_string())
        }
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

fn int(value: &Value) -> Option<i64> {
    match value {
        // A number that would be written otherwise (`007`, `+1`) is an id or a code, not an int.
        Value::String(text) => text.parse().ok().filter(|n: &i64| n.to_string() == *text),
        Value::Number(number) => number.as_f64().and_then(integral),
        _ => None,
    }
}

/// The integer that `float` is, if it is one and every integer near it has a float of its own.
fn integral(float: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[allow(clippy::cast_possible_truncation)] // whole and below 2^53: the cast is exact
    (float.fract() == 0.0 && float.abs() < EXACT).then_some(float as i64)
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse().ok().filter(|n: &f64| n.is_finite()),
        Value::Number(number) => {
            let float = number.as_f64()?;
            (number.is_f64() || integral(float).is_some()).then_some(float)
        }
        _ => None,
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn converts_only_what_loses_nothing() {
        assert_eq!(int(&json!("42")), Some(42));
        assert_eq!(int(&json!("007")), None);
        assert_eq!(int(&json!(3.0)), Some(3));
        assert_eq!(int(&json!(3.5)), None);
        assert_eq!(int(&json!(1e300)), None);
        assert_eq!(int(&json!(u64::MAX)), None);
        assert_eq!(float(&json!("1.5")), Some(1.5));
        assert_eq!(float(&json!("inf")), None);
        assert_eq!(float(&json!(7)), Some(7.0));
        assert_eq!(float(&json!(i64::MAX)), None);
        assert_eq!(
            string(&json!(9_007_199_254_740_993_u64)),
            Some("9007199254740993".into())
        );
        assert_eq!(string(&json!(1.5)), Some("1.5".into()));
        assert_eq!(string(&json!(1e300)), None);
        assert_eq!(string(&json!([])), None);
        assert_eq!(boolean(&json!("true")), Some(true));
        assert_eq!(boolean(&json!(0)), Some(false));
        assert_eq!(boolean(&json!("yes")), None);
    }
}
