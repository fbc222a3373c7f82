//! What follows a value → a label of a few words.

use crate::pages::page::plain;

/// A label's greatest length; a Chinese character counts as two.
const WIDEST: usize = 40;
/// Up to this length brackets stay: `繁体中文（中国香港）`.
const WIDEST_WITH_BRACKETS: usize = 24;

/// The first clause of `text`; empty if even that is a sentence, not a label.
pub(crate) fn label(text: &str) -> String {
    let line = text.trim_start().lines().next().unwrap_or_default();
    let line = line.replace("==", "");
    let clause = line.split(", ").next().unwrap_or_default();
    let clause = clause.split(". ").next().unwrap_or_default();
    let clause = plain(until(clause, &['。', '；', ';', '，', '：']));
    let short = if width(&clause) <= WIDEST_WITH_BRACKETS {
        clause
    } else {
        plain(until(&clause, &['（', '(', '【']))
    };
    // Where a converter has joined lines, the hyphen of the next bullet is left.
    let label = short.trim_end_matches(" -");
    let label = label.trim_end_matches(['.', ',', ':', '、', ' ']);
    if width(label) <= WIDEST {
        label.to_owned()
    } else {
        String::new()
    }
}

fn until<'t>(text: &'t str, ends: &[char]) -> &'t str {
    text.split(ends).next().unwrap_or_default()
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_first_clause() {
        for (text, expected) in [
            ("\n  主管\n", "主管"),
            ("访客，只能看到公开部分。", "访客"),
            ("简体（大陆）", "简体（大陆）"),
            ("简体（大陆），另有说明", "简体（大陆）"),
            ("已经生效（从生效之日的零点起自动生效）", "已经生效"),
            ("Guest, who sees little", "Guest"),
            ("Guest. A guest sees little.", "Guest"),
            ("IP Phone", "IP Phone"),
            ("v1.0", "v1.0"),
            ("完成\n==另见==", "完成"),
            ("被用户撤销 - ", "被用户撤销"),
            ("", ""),
            ("一二三四五六七八九十一二三四五六七八九十一", ""),
        ] {
            assert_eq!(label(text), expected);
        }
    }
}
