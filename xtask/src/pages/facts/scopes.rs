//! Scopes: the portal's element `<md-perm name="…" tags="…">`, or written in the text.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Cell, Element, Markup};
use crate::pages::source::Source;

/// A scope as a page names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub(crate) name: String,
    /// Whether the page marks it as one that can no longer be applied for.
    pub(crate) history: bool,
}

/// The scopes that a cell names, each once, in order.
pub(crate) fn scopes(source: &Source, cell: &Cell, findings: &mut Vec<Finding>) -> Vec<Scope> {
    let mut scopes = Vec::new();
    let mut seen = BTreeSet::new();
    for Markup { element, span } in &cell.markup {
        let Element::Open { name, attributes } = element else {
            continue;
        };
        if name != "md-perm" {
            continue;
        }
        let attribute = |key: &str| attributes.get(key).map_or("", |value| value.trim());
        let name = attribute("name");
        if name.is_empty() {
            let what = "a scope without `name`";
            findings.push(Finding::new(
                Kind::NamelessScope,
                source,
                span.clone(),
                what,
            ));
        } else if seen.insert(name) {
            if !is_scope(name) {
                findings.push(bad_scope(source, span.clone(), name));
            }
            scopes.push(Scope {
                name: name.to_owned(),
                history: attribute("tags")
                    .split(',')
                    .any(|tag| tag.trim() == "history"),
            });
        }
    }
    scopes
}

/// The scopes of a cell that is there for them: in elements or, without these, as they stand.
pub(crate) fn listed_scopes(
    source: &Source,
    cell: &Cell,
    findings: &mut Vec<Finding>,
) -> Vec<Scope> {
    if has_elements(cell) {
        return scopes(source, cell, findings);
    }
    let text = cell.text();
    once(scopes_in(source, cell, &text, findings).into_iter())
}

/// What stands before scopes in the description of a field.
const MARKS: [&str; 3] = ["字段权限要求", "Required field scopes", "以下权限"];

/// The scopes that the description of a field names: in elements, behind a heading of their own,
/// or each in brackets at the end of a line. Other scopes are only talked about.
pub(crate) fn written_scopes(
    source: &Source,
    cell: &Cell,
    findings: &mut Vec<Finding>,
) -> Vec<Scope> {
    if has_elements(cell) {
        return scopes(source, cell, findings);
    }
    let text = cell.text();
    let mark = MARKS
        .iter()
        .filter_map(|mark| Some(text.find(mark)? + mark.len()));
    let behind = mark.min().map_or("", |mark| &text[mark..]);
    let in_brackets = text.lines().filter_map(|line| {
        let (_, last) = line.trim_end().strip_suffix(')')?.rsplit_once('(')?;
        is_scope(last).then_some(last)
    });
    let mut found: Vec<&str> = in_brackets.collect();
    found.extend(scopes_in(source, cell, behind, findings));
    // All of them are pieces of the text: in its order.
    found.sort_by_key(|scope| scope.as_ptr());
    once(found.into_iter())
}

fn has_elements(cell: &Cell) -> bool {
    cell.markup
        .iter()
        .any(|markup| matches!(&markup.element, Element::Open { name, .. } if name == "md-perm"))
}

/// The scopes that stand in `text` of `cell`; what is almost one is reported, for half of a scope
/// is another scope.
fn scopes_in<'t>(
    source: &Source,
    cell: &Cell,
    text: &'t str,
    findings: &mut Vec<Finding>,
) -> Vec<&'t str> {
    let mut scopes = Vec::new();
    for word in text.split(separates).map(trimmed) {
        if is_scope(word) {
            scopes.push(word);
        } else if is_damaged_scope(word) {
            findings.push(bad_scope(source, cell.content_span(), word));
        }
    }
    scopes
}

/// Whether no scope has this character in it, damaged or not.
fn separates(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_whitespace() || "()[]{}<>`\"',;|*".contains(c)
}

/// Without the punctuation of the sentence around it.
fn trimmed(word: &str) -> &str {
    word.trim_matches(['.', ':', '-', '!', '?', '/'])
}

/// Whether a word has the shape `service:what:readonly`.
fn is_scope(word: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
    };
    word.contains(':') && word.len() <= 128 && word.split(':').all(is_part)
}

/// Whether a word is not a scope, but begins like one: no time, no address.
fn is_damaged_scope(word: &str) -> bool {
    let Some((service, rest)) = word.split_once(':') else {
        return false;
    };
    service.starts_with(|c: char| c.is_ascii_lowercase())
        && rest.starts_with(|c: char| c.is_ascii_lowercase())
        && !word.contains("://")
}

fn bad_scope(source: &Source, span: Range<usize>, word: &str) -> Finding {
    let what = format!("`{word}` does not have the form of a scope");
    Finding::new(Kind::BadScope, source, span, what)
        .expected("parts such as `contact:user.id:readonly`")
}

fn once<'t>(names: impl Iterator<Item = &'t str>) -> Vec<Scope> {
    let mut seen = BTreeSet::new();
    names
        .filter(|name| seen.insert(*name))
        .map(|name| Scope {
            name: name.to_owned(),
            history: false,
        })
        .collect()
}

/// The names of `scopes`.
pub(crate) fn names(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(|scope| scope.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::page::cell_of;

    #[test]
    fn scopes_are_read_from_text() {
        let read = |text: &str| {
            let source = Source::new("p.md", text);
            names(&written_scopes(&source, &cell_of(&source), &mut Vec::new()))
        };
        for (text, expected) in [
            (
                "An id.<br>**字段权限要求（满足任一）**：<br>读(a:b.c:readonly)<br>写(a:b_c)",
                &["a:b.c:readonly", "a:b_c"][..],
            ),
            (
                "An id **Required field scopes**: `a:b` `c:d`",
                &["a:b", "c:d"],
            ),
            ("Needs:<br>读(a:b)", &["a:b"]),
            ("字段权限要求 读(a:b) 写(c:d)", &["a:b", "c:d"]),
            ("Only with 读（a:b:c） or at `12:30:00`, http://a:b", &[]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(
            read(r"**字段权限要求**：<br>看人(garden:gardener\_id:readonly)<br>`a:b\_c`"),
            ["garden:gardener_id:readonly", "a:b_c"],
            "escapes are undone"
        );
        let source = Source::new("p.md", "a:b 获取 a:b:readonly 读");
        let listed = listed_scopes(&source, &cell_of(&source), &mut Vec::new());
        assert_eq!(names(&listed), ["a:b", "a:b:readonly"]);
    }

    #[test]
    fn half_a_scope_is_not_read_as_a_scope() {
        for text in [
            r"a:b.c\d:readonly",
            "a:b+c",
            "a:b:Readonly",
            "<md-perm name=\"a:b d\">x</md-perm>",
        ] {
            let source = Source::new("p.md", text);
            let mut findings = Vec::new();
            let scopes = names(&listed_scopes(&source, &cell_of(&source), &mut findings));
            assert!(!scopes.iter().any(|scope| is_scope(scope)), "{scopes:?}");
            assert_eq!(findings.len(), 1, "{text}");
            assert_eq!(findings[0].kind, Kind::BadScope);
        }
        let source = Source::new("p.md", "a:b. At 12:30, see https://a.b/c:d; a:c:");
        let mut findings = Vec::new();
        let scopes = names(&listed_scopes(&source, &cell_of(&source), &mut findings));
        assert_eq!(
            (scopes.join(" "), findings.len()),
            ("a:b a:c".to_owned(), 0)
        );
    }

    #[test]
    fn scopes_are_named_once_and_history_is_kept() {
        let source = Source::new(
            "p.md",
            "<md-perm name=\"a:b\" tags=\"history,offline\">x</md-perm>\n<md-perm name=\"c:d\" \
             tags=\"\">y</md-perm> <md-perm name=\"a:b\">x</md-perm>\n<md-perm desc=\"z\">",
        );
        let mut findings = Vec::new();
        let scopes = scopes(&source, &cell_of(&source), &mut findings);
        let scopes: Vec<(&str, bool)> = scopes.iter().map(|s| (&s.name[..], s.history)).collect();
        assert_eq!(scopes, [("a:b", true), ("c:d", false)]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 3);
    }
}
