//! The rules for values that a cell states → least and greatest length and value.

use std::ops::Range;
use std::str::FromStr;

use serde_json::Number;

use crate::finding::{Finding, Kind};
use crate::page::{Cell, plain};
use crate::source::Source;

/// The line above the bullets of which each is a rule.
const HEADING: &str = "数据校验规则";

/// What rules are called.
const NAMES: &[&str] = &[
    "最小长度",
    "最大长度",
    "长度范围",
    "最小值",
    "最大值",
    "取值范围",
];

/// Limits of a field's value.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) min_len: Option<u64>,
    pub(crate) max_len: Option<u64>,
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
}

/// Reads the rules that a cell states: bullets under their heading, and `取值范围[1,99]`
/// in a sentence.
pub(crate) fn rules(source: &Source, cell: &Cell, findings: &mut Vec<Finding>) -> Rules {
    let mut rules = Rules::default();
    let mut below_heading = false;
    for line in cell.text().lines().map(plain) {
        let bullet = line.strip_prefix(['-', '*', '•']).map(str::trim);
        if line.contains(HEADING) {
            below_heading = true;
        } else if bullet.is_none() && !line.is_empty() {
            below_heading = false;
        }
        let read = match bullet {
            Some(rule) if below_heading => rules.add_bullet(rule),
            _ => rules.add_mention(&line),
        };
        if read.is_none() {
            findings.push(not_kept(source, cell.span.clone(), bullet.unwrap_or(&line)));
        }
    }
    rules
}

fn not_kept(source: &Source, span: Range<usize>, rule: &str) -> Finding {
    let what = format!("the rule `{rule}` is not kept");
    Finding::new(Kind::RuleNotKept, source, span, what)
        .expected("a least or greatest length or value, or a range of them")
}

impl Rules {
    fn add_bullet(&mut self, rule: &str) -> Option<()> {
        let (name, value) = rule.split_once(['：', ':'])?;
        self.add(name.trim(), value.trim())
    }

    /// Adds the rule that a sentence mentions in brackets; most sentences mention none.
    fn add_mention(&mut self, sentence: &str) -> Option<()> {
        let mut mentions = NAMES.iter().filter_map(|name| {
            let (_, behind) = sentence.split_once(name)?;
            Some((name, behind))
        });
        let Some((name, behind)) = mentions.next() else {
            return Some(());
        };
        let (value, _) = behind.strip_prefix('[')?.split_once(']')?;
        self.add(name, value)
    }

    fn add(&mut self, name: &str, value: &str) -> Option<()> {
        let value = value.trim_end_matches("字符").trim();
        match name {
            "最小长度" => self.min_len = Some(value.parse().ok()?),
            "最大长度" => self.max_len = Some(value.parse().ok()?),
            "长度范围" => {
                let (min, max) = range::<u64>(value).filter(|(min, max)| min <= max)?;
                (self.min_len, self.max_len) = (Some(min), Some(max));
            }
            "最小值" => self.min = Some(value.parse().ok()?),
            "最大值" => self.max = Some(value.parse().ok()?),
            "取值范围" => {
                let (min, max) = range::<Number>(value)?;
                (min.as_f64() <= max.as_f64()).then_some(())?;
                (self.min, self.max) = (Some(min), Some(max));
            }
            _ => return None,
        }
        Some(())
    }
}

/// Both ends of `1 ～ 20`, `1,20` or `1-20`.
fn range<T: FromStr>(text: &str) -> Option<(T, T)> {
    let (min, max) = text
        .split_once(['～', '~', ',', '，'])
        .or_else(|| text.split_once('-'))?;
    Some((min.trim().parse().ok()?, max.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::cell_of;

    fn read(text: &str) -> (Rules, Vec<String>) {
        let source = Source::new("p.md", text);
        let mut findings = Vec::new();
        let rules = rules(&source, &cell_of(&source), &mut findings);
        (
            rules,
            findings.into_iter().map(|finding| finding.what).collect(),
        )
    }

    #[test]
    fn each_spelling_of_a_rule_is_read() {
        let (rules, findings) = read(
            "A name.\n\n**数据校验规则**：\n\n- 长度范围：`1` ～ `20` 字符\n- 取值范围：`-1` ~ `0.5`\n\n**X**：\n- y",
        );
        let expected = Rules {
            min_len: Some(1),
            max_len: Some(20),
            min: Some((-1).into()),
            max: Number::from_f64(0.5),
        };
        assert_eq!((rules, findings), (expected, Vec::new()));
        let (rules, findings) = read(
            "**数据校验规则**：\n- 最小长度：`2` 字符\n- 最大长度：`3`\n- 最小值：`4`\n- 最大值：`5`",
        );
        let expected = Rules {
            min_len: Some(2),
            max_len: Some(3),
            min: Some(4.into()),
            max: Some(5.into()),
        };
        assert_eq!((rules, findings), (expected, Vec::new()));
    }

    #[test]
    fn a_rule_in_a_sentence_is_read() {
        for (text, min, max) in [
            ("Days ahead (取值范围[1-730]) <br> more", 1, 730),
            ("取值范围[0,9]", 0, 9),
        ] {
            let (rules, findings) = read(text);
            assert_eq!((rules.min, rules.max), (Some(min.into()), Some(max.into())));
            assert_eq!(findings, Vec::<String>::new());
        }
    }

    #[test]
    fn a_rule_that_is_not_understood_is_named() {
        let (rules, findings) = read(
            "数据校验规则:\n- 正则校验：`^a+$`\n- 长度范围：`9` ～ `1`\n- 取值范围：`3` ～ `-3`\n- 最小长度：`many`\n\nA 取值范围 of its own",
        );
        assert_eq!(rules, Rules::default());
        insta::assert_snapshot!(findings.join("\n"), @r"
        the rule `正则校验：^a+$` is not kept
        the rule `长度范围：9 ～ 1` is not kept
        the rule `取值范围：3 ～ -3` is not kept
        the rule `最小长度：many` is not kept
        the rule `A 取值范围 of its own` is not kept
        ");
    }
}
