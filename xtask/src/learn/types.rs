//! The type that can read values of several types.

/// The types that `Drift` writes for a value.
const CAME_AS: [&str; 14] = [
    "string",
    "int",
    "float",
    "boolean",
    "object",
    "user_id",
    "null",
    "list",
    "[]",
    "string[]",
    "int[]",
    "float[]",
    "boolean[]",
    "object[]",
];

/// The type, if `Drift` writes it.
pub(super) fn known(came_as: &str) -> Option<&'static str> {
    CAME_AS.into_iter().find(|known| *known == came_as)
}

/// The type, as schemas spell it, that can read values of all these types; `None` if all are null.
pub(super) fn of_all(types: &[&str]) -> Option<String> {
    // `null` and an empty list fit any type.
    let mut said: Vec<&str> = types
        .iter()
        .copied()
        .filter(|it| !matches!(*it, "null" | "[]"))
        .collect();
    said.sort_unstable();
    said.dedup();
    let [first, rest @ ..] = said.as_slice() else {
        return types.contains(&"[]").then(|| "list".to_owned());
    };
    let all = rest
        .iter()
        .try_fold((*first).to_owned(), |one, other| of_two(&one, other));
    Some(all.unwrap_or_else(|| "any".to_owned()))
}

fn of_two(one: &str, other: &str) -> Option<String> {
    let pair = |a: &str, b: &str| (one, other) == (a, b) || (one, other) == (b, a);
    let wider = match (one.strip_suffix("[]"), other.strip_suffix("[]")) {
        _ if one == other => one.to_owned(),
        (Some(one), Some(other)) => of_two(one, other)? + "[]",
        // A single value where a list is expected is read as a list of one.
        (Some(item), None) if item == other => one.to_owned(),
        (None, Some(item)) if item == one => other.to_owned(),
        _ if pair("int", "float") => "float".to_owned(),
        _ if pair("string", "user_id") => "string | user_id".to_owned(),
        _ if pair("string", "list") => "list | string".to_owned(),
        // A string can contain a number or a boolean.
        _ if is_scalar(one) && is_scalar(other) => "string".to_owned(),
        _ => return None,
    };
    Some(wider)
}

fn is_scalar(name: &str) -> bool {
    matches!(name, "string" | "int" | "float" | "boolean")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_all_reads_each() {
        for (types, all) in [
            (&["int"][..], Some("int")),
            (&["int", "int", "null"], Some("int")),
            (&["int", "float"], Some("float")),
            (&["boolean", "int"], Some("string")),
            (&["user_id", "string"], Some("string | user_id")),
            (&["user_id"], Some("user_id")),
            (&["[]", "string[]"], Some("string[]")),
            (&["int[]", "string[]"], Some("string[]")),
            (&["object[]", "object"], Some("object[]")),
            (&["[]"], Some("list")),
            (&["string", "list"], Some("list | string")),
            (&["string", "object"], Some("any")),
            (&["object", "list"], Some("any")),
            (&["null"], None),
        ] {
            assert_eq!(of_all(types).as_deref(), all, "{types:?}");
        }
    }
}
