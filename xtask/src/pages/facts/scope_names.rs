//! Scopes by the names that people read: which a cell names, and which id a page gives them.

use std::sync::LazyLock;

use regex::Regex;

use crate::pages::page::plain;

/// What stands before the names.
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:字段权限要求|required field scopes|field permission requirements)[^:：\n]{0,12}[:：]",
    )
});
/// `名称(scope)`
static IN_BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"([^()（）<>|\n`]{2,60})\(([a-z][A-Za-z0-9_.\-]*(?::[A-Za-z0-9_.\-]+)+)\)")
});
/// `` `scope` name ``
static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"`([a-z][A-Za-z0-9_.\-]*(?::[A-Za-z0-9_.\-]+)+)`[ \t]+([^`|<\n]{2,60})")
});

/// Of a pattern that stands in this file: a typo in it must not go unnoticed.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern, compiled in the tests")
}

/// The names that a cell has where its scopes are listed, if it has no ids there.
pub(crate) fn scope_names(text: &str) -> Vec<String> {
    let Some(mark) = MARK.find(text) else {
        return Vec::new();
    };
    let behind = &text[mark.end()..];
    if behind.contains(':') || behind.contains('：') {
        return Vec::new();
    }
    let names = behind.lines().map(name);
    names
        .filter(|name| (2..=60).contains(&name.chars().count()))
        .collect()
}

/// The scopes that a page's text lists with their names: id and name.
pub(crate) fn scopes_with_names(text: &str) -> Vec<(String, String)> {
    let in_brackets = IN_BRACKETS.captures_iter(text);
    let before = BEFORE.captures_iter(text);
    let in_brackets = in_brackets.map(|found| (found[2].to_owned(), name(&found[1])));
    let before = before.map(|found| (found[1].to_owned(), name(&found[2])));
    in_brackets
        .chain(before)
        .filter(|(_, name)| !name.is_empty())
        .collect()
}

fn name(text: &str) -> String {
    let text = plain(text);
    let text = text.trim_matches(['-', '*', '>', ' ', '，', ',', '。', '.']);
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_named_and_listed_with_their_names() {
        assert_eq!(
            scope_names("ID **Field Permission Requirements**: Get user user ID"),
            ["get user user id"]
        );
        assert_eq!(scope_names("字段权限要求: 看人\n看花"), ["看人", "看花"]);
        assert!(scope_names("字段权限要求: 看人(a:b)").is_empty());
        assert!(scope_names("ID").is_empty());
        let text = "| 看人(a:b) | `c:d:readonly` See trees |";
        let found = scopes_with_names(text);
        let found: Vec<_> = found
            .iter()
            .map(|(id, name)| (&id[..], &name[..]))
            .collect();
        assert_eq!(found, [("a:b", "看人"), ("c:d:readonly", "see trees")]);
    }
}
