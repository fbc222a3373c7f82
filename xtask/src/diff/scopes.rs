//! What a change of scopes means for a running app.
//!
//! The compiler does not notice such a change, so the report spells it out.

/// The scopes that are new and those that are gone; `None` if both lists have the same, in any order.
pub(super) fn lists(old: &[String], new: &[String]) -> Option<(Vec<String>, Vec<String>)> {
    let missing_in = |list: &[String], other: &[String]| -> Vec<String> {
        let missing = list.iter().filter(|item| !other.contains(item));
        missing.cloned().collect()
    };
    let (gained, dropped) = (missing_in(new, old), missing_in(old, new));
    (!gained.is_empty() || !dropped.is_empty()).then_some((gained, dropped))
}

/// The effect on a field: any one of its scopes makes it appear; without scopes it always does.
pub(super) fn of_field(old: &[String], new: &[String]) -> Option<String> {
    effect(
        old,
        new,
        "may stop receiving the field",
        "receives the field",
    )
}

/// The effect on an event: any one of its scopes lets an app subscribe.
pub(super) fn of_event(old: &[String], new: &[String]) -> Option<String> {
    effect(
        old,
        new,
        "may stop receiving the event",
        "can subscribe to the event",
    )
}

fn effect(old: &[String], new: &[String], stops: &str, receives: &str) -> Option<String> {
    let (gained, dropped) = lists(old, new)?;
    let any = |scopes: &[String]| match scopes {
        [one] => named(one),
        several => {
            let several: Vec<String> = several.iter().map(|scope| named(scope)).collect();
            format!("any of {}", several.join(", "))
        }
    };
    Some(match (old, new) {
        ([], _) => format!("An app without {} {stops}.", any(new)),
        (_, []) => format!("An app {receives} without any scope now."),
        _ if dropped.is_empty() => format!("An app with {} {receives} now too.", any(&gained)),
        _ => {
            let only = if let [one] = &dropped[..] {
                named(one)
            } else {
                let several: Vec<String> = dropped.iter().map(|scope| named(scope)).collect();
                several.join(" or ")
            };
            format!(
                "An app that has only {only} {stops}; {} is needed now.",
                any(new)
            )
        }
    })
}

fn named(scope: &str) -> String {
    format!("`{scope}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_names_the_apps_that_lose_or_gain() {
        let scopes = |names: &str| {
            names
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        for (old, new, expected) in [
            ("a b", "b a", None),
            (
                "",
                "a",
                Some("An app without `a` may stop receiving the field."),
            ),
            (
                "",
                "a b",
                Some("An app without any of `a`, `b` may stop receiving the field."),
            ),
            (
                "a",
                "",
                Some("An app receives the field without any scope now."),
            ),
            (
                "a",
                "a b",
                Some("An app with `b` receives the field now too."),
            ),
            (
                "a b",
                "b",
                Some("An app that has only `a` may stop receiving the field; `b` is needed now."),
            ),
            (
                "a b",
                "c d",
                Some(
                    "An app that has only `a` or `b` may stop receiving the field; any of `c`, \
                     `d` is needed now.",
                ),
            ),
        ] {
            let sentence = of_field(&scopes(old), &scopes(new));
            assert_eq!(sentence.as_deref(), expected, "{old} → {new}");
        }
    }
}
