//! Lists of values that nothing marks but their form: `- A: one - B: two`, `A - one;B - two`,
//! `A: one B: two`.
//!
//! Each item is a value and a label of a few words, and there are at least two.

use std::sync::LazyLock;

use feishu_events_gen::internals::schema::ListedValues;
use regex::Regex;

use super::super::label;
use super::written::{Items, regex, unique};

/// A bullet, a value and what separates it from its label.
static BULLET: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"(?:^|\s)[-*•]\s+[`"]?([A-Za-z][A-Za-z0-9_.\-]*|-?\d{1,10})[`"]?\s*[:：]"#)
});
/// What a line or a part of it is that has a value, a hyphen and a label.
static DASHED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\s*`?([A-Za-z0-9][A-Za-z0-9_]*)`? - (.+)$"));
/// A value in capitals and a colon behind it.
static CAPITAL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|[\s,;，；])`?([A-Z][A-Z0-9_]*)`?[:：]\s"));

/// The values that a description lists without saying so.
pub(super) fn values(text: &str) -> ListedValues {
    let items = headed(text, &BULLET)
        .or_else(|| dashed(text))
        .or_else(|| headed(text, &CAPITAL));
    unique(items.unwrap_or_default())
}

/// Several of `head`, each with its label behind it.
fn headed(text: &str, head: &Regex) -> Option<Items> {
    let found: Vec<_> = head.captures_iter(text).collect();
    let ends = found.iter().skip(1).filter_map(|next| next.get(0));
    let ends = ends.map(|next| next.start()).chain([text.len()]);
    let items = found.iter().zip(ends).map(|(found, end)| {
        let label = label(&text[found.get(0)?.end()..end]);
        (!label.is_empty()).then(|| (found[1].to_owned(), label))
    });
    let items: Option<Items> = items.collect();
    items.filter(several)
}

/// The last parts of a description, each a value, a hyphen and a label.
fn dashed(text: &str) -> Option<Items> {
    let parts = text.split(['\n', ';', '；']).map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let items = parts.iter().rev().map_while(|part| {
        let found = DASHED.captures(part)?;
        Some((found[1].to_owned(), label(&found[2])))
    });
    let mut items: Items = items.collect();
    items.reverse();
    Some(items).filter(several)
}

fn several(items: &Items) -> bool {
    items.len() > 1 && items.iter().all(|(_, label)| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_alone_shows_a_list() {
        for (text, expected) in [
            ("Kind - `A`: First - `B`: Second", "A=First B=Second"),
            (
                "类型\n- kind_a：第一\n- kind_b：第二",
                "kind_a=第一 kind_b=第二",
            ),
            ("Status;OPEN - Open;SHUT - Shut", "OPEN=Open SHUT=Shut"),
            ("状态\nOPEN - 开\nSHUT - 关", "OPEN=开 SHUT=关"),
            ("Action type CREATE: CC READ: Read", "CREATE=CC READ=Read"),
            ("Who did it - a person - and when", ""),
            ("See NOTE: this is one", ""),
            ("From 12:30 - 13:30", ""),
        ] {
            let listed = values(text);
            let shown = listed.0.iter().map(|(key, label)| format!("{key}={label}"));
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }
}
