//! The rules for values that a cell states → least and greatest length and value.

use std::ops::Range;
use std::str::FromStr;

use serde_json::Number;

use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Cell, plain};
use crate::pages::source::Source;

/// The line above the bullets of which each is a rule.
const HEADINGS: [&str; 2] = ["数据校验规则", "Data validation rules"];

/// What rules are called, also in a sentence.
const NAMES: [(&str, Rule); 12] = [
    ("最小长度", Rule::MinLen),
    ("最大长度", Rule::MaxLen),
    ("长度范围", Rule::Len),
    ("最小值", Rule::Min),
    ("最大值", Rule::Max),
    ("取值范围", Rule::Range),
    ("Minimum length", Rule::MinLen),
    ("Maximum length", Rule::MaxLen),
    ("Length range", Rule::Len),
    ("Minimum value", Rule::Min),
    ("Maximum value", Rule::Max),
    ("Value range", Rule::Range),
];

#[derive(Debug, Clone, Copy)]
enum Rule {
    MinLen,
    MaxLen,
    Len,
    Min,
    Max,
    Range,
}

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
        let heading = HEADINGS.iter().find_map(|heading| line.split_once(heading));
        if let Some((_, behind)) = heading {
            below_heading = true;
            // Where a converter has joined the lines, the bullets stand behind the heading.
            for rule in behind.split(" - ").skip(1) {
                if rules.add_bullet(rule).is_none() {
                    findings.push(not_kept(source, cell.span.clone(), rule));
                }
            }
            continue;
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
        let mut names = NAMES.iter();
        let (_, rule) = names.find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))?;
        // The rule ends where the next bold heading has lost its marks.
        let value = value.split("**").next()?;
        self.add(*rule, value.trim())
    }

    /// Adds the rule that a sentence mentions in brackets; most sentences mention none.
    fn add_mention(&mut self, sentence: &str) -> Option<()> {
        let mut mentions = NAMES.iter().filter_map(|(name, rule)| {
            let at = find_ignoring_case(sentence, name)?;
            Some((rule, &sentence[at + name.len()..]))
        });
        let Some((rule, behind)) = mentions.next() else {
            return Some(());
        };
        let (value, _) = behind.trim_start().strip_prefix('[')?.split_once(']')?;
        self.add(*rule, value)
    }

    fn add(&mut self, rule: Rule, value: &str) -> Option<()> {
        // What is counted follows the numbers, and in joined lines anything follows that.
        let value = value.split("字符").next()?.split("char").next()?.trim();
        match rule {
            Rule::MinLen => self.min_len = Some(first(value).parse().ok()?),
            Rule::MaxLen => self.max_len = Some(first(value).parse().ok()?),
            Rule::Len => {
                let (min, max) = range::<u64>(value).filter(|(min, max)| min <= max)?;
                (self.min_len, self.max_len) = (Some(min), Some(max));
            }
            Rule::Min => self.min = Some(first(value).parse().ok()?),
            Rule::Max => self.max = Some(first(value).parse().ok()?),
            Rule::Range => {
                let (min, max) = range::<Number>(value)?;
                (min.as_f64() <= max.as_f64()).then_some(())?;
                (self.min, self.max) = (Some(min), Some(max));
            }
        }
        Some(())
    }
}

fn first(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Where `name`, whose case doesn't matter, stands in `text`.
fn find_ignoring_case(text: &str, name: &str) -> Option<usize> {
    let places = text.char_indices().map(|(at, _)| at);
    places
        .filter(|at| text.get(*at..*at + name.len()).is_some())
        .find(|at| text[*at..*at + name.len()].eq_ignore_ascii_case(name))
}

/// Both ends of `1 ～ 20`, `1,20` or `1-20`.
fn range<T: FromStr>(text: &str) -> Option<(T, T)> {
    let (min, max) = text
        .split_once(['～', '~', ',', '，'])
        .or_else(|| text.split_once('-'))?;
    Some((min.trim().parse().ok()?, first(max).parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::page::cell_of;

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
            ("Ahead (unit: day, value range [0,9])", 0, 9),
        ] {
            let (rules, findings) = read(text);
            assert_eq!((rules.min, rules.max), (Some(min.into()), Some(max.into())));
            assert_eq!(findings, Vec::<String>::new());
        }
    }

    #[test]
    fn rules_of_one_line_are_read_in_either_language() {
        for text in [
            "Some. 数据校验规则: - 长度范围: 1 ~ 20 - 取值范围: `2` ～ `3`",
            "Some **Data validation rules**: - Length range: `1` ～ `20` characters - Value range: `2` ～ `3` **Required field scopes**: `a:b`",
        ] {
            let (rules, findings) = read(text);
            let expected = Rules {
                min_len: Some(1),
                max_len: Some(20),
                min: Some(2.into()),
                max: Some(3.into()),
            };
            assert_eq!((rules, findings), (expected, Vec::new()), "{text}");
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
