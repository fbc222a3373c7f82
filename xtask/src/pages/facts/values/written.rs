//! Lists of values in sentences: bullets, `1：…，2：…`, `【A（…），B（…）】`, `A / B`, a fixed value.
//!
//! Sentences are full of colons and numbers. A list is one below a heading of its own; without
//! one, it is numbered from the start, quoted, or the sample has one of its values.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use feishu_events_gen::internals::schema::ListedValues;
use regex::{Captures, Regex};

use super::super::label;

/// A list of more values than this is none.
const MOST: usize = 256;

/// Of a pattern that stands in this file: a typo in it must not go unnoticed.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern, compiled in the tests")
}

/// What stands above or before a list of values.
static HEADING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:可选值|可能值|可能的值|可能取值|枚举值|可用值|可选项|optional values|possible values|valid values|(?:the )?following enumerations|支持以下枚举|can be\s*[:：])(?:有|包括|如下|为|are|is|\*\*| ){0,6}[:：，,]?(?:\*\*)?|值为[:：]\s*【",
    )
});
/// Where a list ends at the latest: the next heading.
static END: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\*\*|数据校验规则|字段权限要求|示例值|(?i)data validation|required field|field permission req",
    )
});
/// A value and what separates it from its label.
static HEAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?:^|[\s,，;；、。:：（(【|/])(?:`([^`\n]{1,64})`|"([^"\n]{1,64})"|“([^”\n]{1,64})”|(-?\d{1,10})|([A-Za-z][A-Za-z0-9_.\-]{0,63}))\s*(?:[:：=]|代表|表示|for |means |(-)|[（(])"#,
    )
});
/// The one value that a field always has.
static FIXED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"固定(?:取值|值)?(?:为|是)?\s*[:：]?\s*(?:`"?([^`"\n]{1,64})"?`|"([^"\n]{1,64})"|“([^”\n]{1,64})”|(-?\d{1,10})|([A-Za-z][A-Za-z0-9_.\-]{0,63}))(?:[，,]\s*表示\s*([^。，,；;\n]{1,40}))?"#,
    )
});
/// A value with its label glued to it: `buy普通购买`; or, if it is all in capitals, behind a blank:
/// `HOUR 小时，DAY 天`.
static GLUED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:(?:^|\s)([a-z][a-z0-9_]*)|(?:^|[\s，,；;：])([A-Z][A-Z0-9_]*) ?)(?:为|是)?(\p{Han}+)",
    )
});

/// A number with its label glued to it: `0关闭，1打开`; behind an amount stands what is counted.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"[，,；;（(：]\s*(\d)([\p{Han}--[个天次小秒分条位年月日级元人份种类层号]]\p{Han}{0,15})")
});

pub(super) type Items = Vec<(String, String)>;

/// The values that the description of a field lists.
pub(in crate::pages::facts::values) fn written_values(text: &str) -> ListedValues {
    // The words of a heading may stand in the sentence before it too.
    let below = below_headings(text).find_map(|list| {
        bullets(list)
            .or_else(|| pairs(list).filter(|items| items.len() > 1))
            .or_else(|| words(list))
    });
    // What is below another heading is about something else.
    let text = until_heading(text);
    let items = below
        .or_else(|| fixed(text))
        .or_else(|| pairs(text).filter(counts_up))
        .or_else(|| Some(numbered(text)).filter(counts_up));
    unique(items.unwrap_or_default())
}

/// The values that the comment behind a field of a sample lists; `shown` is the one it has.
pub(crate) fn noted_values(note: &str, shown: &str) -> ListedValues {
    let has_shown = |items: &Items| items.len() > 1 && items.iter().any(|(key, _)| key == shown);
    let listed = note.split_once("包括").map(|(_, list)| list);
    let items = pairs(note)
        .filter(has_shown)
        .or_else(|| Some(glued(note)).filter(has_shown))
        .or_else(|| words(listed?).filter(has_shown))
        .or_else(|| fixed(note).filter(|items| items.iter().any(|(key, _)| key == shown)));
    unique(items.unwrap_or_default())
}

pub(super) fn unique(items: Items) -> ListedValues {
    let mut seen = BTreeSet::new();
    let items = items.into_iter().take(MOST);
    ListedValues(items.filter(|(key, _)| seen.insert(key.clone())).collect())
}

fn below_headings(text: &str) -> impl Iterator<Item = &str> {
    let lists = HEADING.find_iter(text).take(MOST);
    let lists = lists.map(|heading| until_heading(&text[heading.end()..]));
    lists.filter(|list| !list.trim().is_empty())
}

pub(super) fn until_heading(text: &str) -> &str {
    let end = END.find(text);
    &text[..end.map_or(text.len(), |end| end.start())]
}

/// A bullet a line, or several in one where a converter has joined the lines.
fn bullets(list: &str) -> Option<Items> {
    let mut items = Items::new();
    for line in list.lines().map(str::trim) {
        let marked = line.strip_prefix(['-', '*', '•']);
        let Some(bullet) = marked.filter(|bullet| bullet.starts_with([' ', '`', '\t'])) else {
            // A line between the bullets explains; the first one behind them ends the list.
            if !items.is_empty() && !line.is_empty() {
                break;
            }
            continue;
        };
        // A hyphen that no value follows is one of the label.
        let mut open = String::new();
        let joined = if line.starts_with('*') { " * " } else { " - " };
        for part in bullet.split(joined) {
            if !open.is_empty() && item(part).is_none() {
                open.push_str(joined);
                open.push_str(part);
                continue;
            }
            items.extend(item(&open));
            part.clone_into(&mut open);
        }
        items.extend(item(&open));
    }
    (!items.is_empty()).then_some(items)
}

/// A bullet that is a value, with a label or without.
fn item(bullet: &str) -> Option<(String, String)> {
    let bullet = bullet.trim();
    if let Some(quoted) = quoted_item(bullet) {
        return Some(quoted);
    }
    let (key, text) = match bullet.split_once(['：', ':']) {
        Some((key, text)) => (key, text),
        None => (bullet, ""),
    };
    let key = key.trim().trim_matches(['`', '"', '“', '”', '*', ' ']);
    let is_key = !key.is_empty()
        && key.chars().count() <= 64
        && !key.contains(char::is_whitespace)
        && !key.contains(['，', '。', '；', '（', '《', '[', '/'])
        && (key.is_ascii() || key.chars().count() <= 8);
    is_key.then(|| (key.to_owned(), label(text)))
}

/// A bullet whose value stands in backticks, and may be of several words.
fn quoted_item(bullet: &str) -> Option<(String, String)> {
    let (key, text) = bullet.strip_prefix('`')?.split_once('`')?;
    let text = match text.trim_start() {
        "" => "",
        text => text.strip_prefix(['：', ':'])?,
    };
    let key = key.trim();
    let is_key = !key.is_empty() && key.is_ascii() && key.len() <= 64;
    is_key.then(|| (key.to_owned(), label(text)))
}

/// Values and labels side by side.
fn pairs(text: &str) -> Option<Items> {
    let mut items = Items::new();
    let mut at = 0;
    let mut open: Option<(String, usize, bool)> = None;
    while let Some(found) = HEAD.captures_at(text, at) {
        let whole = found.get(0)?;
        let (key, quoted) = key(&found)?;
        let bracket = whole.as_str().ends_with(['(', '（']);
        let hyphen = found.get(6).is_some();
        at = whole.end();
        // A hyphen separates a label only from what is quoted.
        if hyphen && !quoted {
            continue;
        }
        if let Some((key, start, bracket)) = open.take() {
            items.push((key, pair_label(&text[start..whole.start()], bracket)));
        }
        open = Some((key, at, bracket));
    }
    let (key, start, bracket) = open?;
    items.push((key, pair_label(&text[start..], bracket)));
    // All keys are of one kind; a word before the numbers is what they are about.
    let Some(first) = items.iter().position(|(key, _)| is_number(key)) else {
        return Some(items);
    };
    let items = items.split_off(first);
    items.iter().all(|(key, _)| is_number(key)).then_some(items)
}

fn key(found: &Captures<'_>) -> Option<(String, bool)> {
    let (at, key) = (1..=5).find_map(|at| Some((at, found.get(at)?)))?;
    Some((key.as_str().trim().to_owned(), at <= 3))
}

fn pair_label(text: &str, bracket: bool) -> String {
    let ends: &[char] = if bracket {
        &['）', ')', '\n']
    } else {
        &['。', '；', ';', '\n', '】']
    };
    let text = text.split(ends).next().unwrap_or_default();
    let text = if bracket { text } else { until_closed(text) };
    label(text.trim().trim_end_matches(['，', ',', '、']))
}

/// The text up to the bracket that closes one opened before it.
fn until_closed(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' if depth == 0 => return &text[..at],
            ')' | '）' => depth -= 1,
            _ => {}
        }
    }
    text
}

fn is_number(key: &str) -> bool {
    key.parse::<i64>().is_ok()
}

/// Without a heading, only what is numbered from the start, one by one, is surely a list.
fn counts_up(items: &Items) -> bool {
    let numbers: Option<Vec<i64>> = items.iter().map(|(key, _)| key.parse().ok()).collect();
    let Some(numbers) = numbers.filter(|numbers| numbers.len() > 1) else {
        return false;
    };
    numbers[0] <= 1
        && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
        && items.iter().all(|(_, label)| !label.is_empty())
}

/// Values alone: `A / B / C`, `A、B`.
fn words(list: &str) -> Option<Items> {
    let line = list.trim_start().lines().next()?;
    let line = line.split(['。', '；', '）']).next()?;
    let words = line.split(['/', '、', ',', '，']).map(|word| {
        let word = word
            .trim()
            .trim_matches(['`', '"', '“', '”', '【', '】', ' ']);
        let is_word = word.starts_with(|c: char| c.is_ascii_alphanumeric())
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        is_word.then(|| (word.to_owned(), String::new()))
    });
    let words: Option<Items> = words.collect();
    words.filter(|words| words.len() > 1)
}

fn fixed(text: &str) -> Option<Items> {
    let found = FIXED.captures(text)?;
    let (key, _) = key(&found)?;
    let label = found
        .get(6)
        .map_or_else(String::new, |text| label(text.as_str()));
    Some(vec![(key, label)])
}

fn glued(note: &str) -> Items {
    let found = GLUED.captures_iter(note);
    let items = found.filter_map(|found| {
        let key = found.get(1).or(found.get(2))?;
        Some((key.as_str().to_owned(), label(&found[3])))
    });
    items.collect()
}

fn numbered(text: &str) -> Items {
    let found = NUMBERED.captures_iter(text);
    let items = found.map(|found| (found[1].to_owned(), label(&found[2])));
    items.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(listed: &ListedValues) -> String {
        let items = listed.0.iter().map(|(key, label)| format!("{key}={label}"));
        items.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_spelling_of_a_list_is_read() {
        for (text, expected) in [
            (
                "How. 可能值有：\n- CREATE：creating\n- READ：reading",
                "CREATE=creating READ=reading",
            ),
            (
                "**可选值有**：\n- `1`: One - `2`: Two\n**数据校验规则**：\n- 长度范围：`1` ～ `2`",
                "1=One 2=Two",
            ),
            (
                "State **Optional values are**:  - `on`: On it is - `off`: Off  **Data validation rules**: x",
                "on=On it is off=Off",
            ),
            ("可能值：\n- 单程\n- 往返", "单程= 往返="),
            ("**可选值有**：\n* `1`：一\n* `2`：二", "1=一 2=二"),
            ("谁，可用值：【0（自己），1（别人）】", "0=自己 1=别人"),
            (
                "值为：【Normal（正常），Late（迟到）】",
                "Normal=正常 Late=迟到",
            ),
            ("种类，0: 甲，1: 乙", "0=甲 1=乙"),
            ("种类（枚举值，1：甲，2：乙）", "1=甲 2=乙"),
            ("枚举值，0: 甲  1: 乙  2: 丙）", "0=甲 1=乙 2=丙"),
            ("1代表甲，2代表乙", "1=甲 2=乙"),
            ("开关，0关闭，1打开", "0=关闭 1=打开"),
            ("A switch: 0 for off, 1 for on", "0=off 1=on"),
            ("枚举值：a_b / c / d", "a_b= c= d="),
            ("固定取值 `event_callback`。", "event_callback="),
            ("固定取值为 1，表示用户。", "1=用户"),
            ("固定为 `\"a.b.c\"`。", "a.b.c="),
            (
                "The kind. Can be: - a_b：first - c：second",
                "a_b=first c=second",
            ),
            (
                "Kind, supporting the following enumerations: - `a`: One - `b`: Two",
                "a=One b=Two",
            ),
        ] {
            assert_eq!(shown(&written_values(text)), expected, "{text}");
        }
    }

    #[test]
    fn sentences_are_no_lists() {
        for text in [
            "At 12:30:00, 1:2, see [a](http://b:80/c).",
            "格式：2025-01-14 00:00:00",
            "An id: `a_b`, from there.",
            "取值范围[1-730]",
            "最多 1 个：2 天：3 次",
            "提前，1个，2天",
            "可选值参见[枚举](/x/y)",
        ] {
            assert_eq!(shown(&written_values(text)), "", "{text}");
        }
    }

    #[test]
    fn comments_list_the_value_that_the_sample_has() {
        for (note, value, expected) in [
            ("状态 on_a: 甲; off_a: 乙", "on_a", "on_a=甲 off_a=乙"),
            ("\"a\" -甲；\"b_c\"-乙(丙)", "b_c", "a=甲 b_c=乙(丙)"),
            (
                "类型 buy甲 upgrade为乙 renew为丙",
                "buy",
                "buy=甲 upgrade=乙 renew=丙",
            ),
            ("单位，DAY 天，HALF_DAY 半天", "DAY", "DAY=天 HALF_DAY=半天"),
            ("通过 API 获取，ID 编号", "API2", ""),
            ("类型，包括 a_b, c_d", "a_b", "a_b= c_d="),
            ("一个: 另一个", "x", ""),
            ("a: b; c: d", "x", ""),
        ] {
            assert_eq!(shown(&noted_values(note, value)), expected, "{note}");
        }
    }
}
