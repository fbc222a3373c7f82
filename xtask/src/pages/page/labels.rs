//! Words of a page against the words that are looked for.

/// Where a page names the event.
pub(crate) const EVENT_TYPE: &[&str] = &["事件类型", "Event type"];
/// Before the scopes of the event, and of its fields.
pub(in crate::pages::page) const SCOPES: &[&str] = &["权限要求", "Required scopes"];
pub(in crate::pages::page) const FIELD_SCOPES: &[&str] = &["字段权限要求", "Required field scopes"];
/// Above the columns of a table of fields.
pub(crate) const NAME: &[&str] = &[
    "名称",
    "字段",
    "参数",
    "字段名",
    "字段名称",
    "参数名",
    "参数名称",
    "Parameter",
    "Field",
    "Name",
];
pub(crate) const TYPE: &[&str] = &[
    "类型",
    "数据类型",
    "字段类型",
    "参数类型",
    "Type",
    "Data type",
];
pub(crate) const DESCRIPTION: &[&str] = &["描述", "说明", "Description"];

/// What a mirror's button leaves behind the heading of a column.
const BUTTONS: [&str; 2] = ["收起子列表", FOLDED];
/// The button of a table whose inner rows are not shown.
const FOLDED: &str = "展开子列表";

/// Whether a column's heading has the button that would show the inner rows.
pub(crate) fn is_folded(column: &str) -> bool {
    column.ends_with(FOLDED)
}

/// Whether `text` is one of `labels`, whatever its case. Where a wrong decoding has lost bytes
/// of a character, any character may have stood.
pub(crate) fn is_label(text: &str, labels: &[&str]) -> bool {
    let text = BUTTONS
        .iter()
        .find_map(|button| text.strip_suffix(button))
        .unwrap_or(text)
        .trim();
    labels.iter().any(|label| {
        text.eq_ignore_ascii_case(label)
            || (text.contains(char::REPLACEMENT_CHARACTER) && could_be(text, label))
    })
}

/// Whether `text` begins with one of `labels`; an explanation may follow.
pub(in crate::pages::page) fn starts_with_label(text: &str, labels: &[&str]) -> bool {
    labels.iter().any(|label| {
        let end = text.char_indices().nth(label.chars().count());
        let start = end.map_or(text, |(at, _)| &text[..at]);
        is_label(start, &[label])
    })
}

/// At least one character of the label must still be there.
fn could_be(text: &str, label: &str) -> bool {
    let lost = |c: char| c == char::REPLACEMENT_CHARACTER;
    text.chars().count() == label.chars().count()
        && text.chars().any(|c| !lost(c))
        && text
            .chars()
            .zip(label.chars())
            .all(|(a, b)| lost(a) || a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_recognised_in_disguise() {
        for (text, expected) in [
            ("名称", true),
            ("名称收起子列表", true),
            ("\u{fffd}称", true),
            ("\u{fffd}\u{fffd}", false),
            ("parameter", true),
            ("名称们", false),
        ] {
            assert_eq!(is_label(text, &["名称", "Parameter"]), expected, "{text}");
        }
        assert!(starts_with_label(
            "Required scopes Enable any",
            &["Required scopes"]
        ));
        assert!(!starts_with_label("字段权限要求", &["权限要求"]));
    }
}
