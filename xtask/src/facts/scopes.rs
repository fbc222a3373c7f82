//! Scopes: the portal's element `<md-perm name="…" tags="…">`, or written in the text.

use std::collections::BTreeSet;

use crate::finding::{Finding, Kind};
use crate::page::{Cell, Element, Markup};
use crate::source::Source;

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
    once(scopes_in(&cell.text()))
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
    once(in_brackets.chain(scopes_in(behind)))
}

fn has_elements(cell: &Cell) -> bool {
    cell.markup
        .iter()
        .any(|markup| matches!(&markup.element, Element::Open { name, .. } if name == "md-perm"))
}

fn scopes_in(text: &str) -> impl Iterator<Item = &str> {
    let part_of_scope = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-');
    text.split(move |c| !part_of_scope(c))
        .filter(|word| is_scope(word))
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
    use crate::page::cell_of;

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
            ("Only with 读（a:b:c） or at `12:30:00`, http://a:b", &[]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        let source = Source::new("p.md", "a:b 获取 a:b:readonly 读");
        let listed = listed_scopes(&source, &cell_of(&source), &mut Vec::new());
        assert_eq!(names(&listed), ["a:b", "a:b:readonly"]);
    }

    #[test]
    fn scopes_are_named_once_and_history_is_kept() {
        let source = Source::new(
            "p.md",
            "<md-perm name=\"a:b\" tags=\"history,offline\">x</md-perm>\n<md-perm name=\"c\" \
             tags=\"\">y</md-perm> <md-perm name=\"a:b\">x</md-perm>\n<md-perm desc=\"z\">",
        );
        let mut findings = Vec::new();
        let scopes = scopes(&source, &cell_of(&source), &mut findings);
        let scopes: Vec<(&str, bool)> = scopes.iter().map(|s| (&s.name[..], s.history)).collect();
        assert_eq!(scopes, [("a:b", true), ("c", false)]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].line, 3);
    }
}
