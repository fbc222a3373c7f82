//! What names of fields look like.

/// A name beyond this length is damage, not a fact, and makes paths without end.
const LONGEST: usize = 128;

/// Whether `name` can be the name of a field: anything else is a piece of a sentence.
pub(crate) fn is_field_name(name: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || "_.@-".contains(c);
    let has_any = name.contains(|c: char| c.is_ascii_alphanumeric());
    has_any && name.len() <= LONGEST && name.chars().all(part)
}

/// Whether `key` is one of a map: data, not the name of a field. So are the keys of texts in several
/// languages, `@i18n@123`, and numbers.
pub(crate) fn is_map_key(key: &str) -> bool {
    key.starts_with('@') || (!key.is_empty() && key.chars().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sentences_differ() {
        for name in ["user_id", "leaderType", "x-y.z", "a@b", "2fa"] {
            assert!(is_field_name(name), "{name}");
        }
        for name in ["", "-", "a b", "“a", "# the name", "名称", "a/b", ":"] {
            assert!(!is_field_name(name), "{name}");
        }
        assert!(is_map_key("@i18n@12") && is_map_key("7") && !is_map_key("a7") && !is_map_key(""));
    }
}
