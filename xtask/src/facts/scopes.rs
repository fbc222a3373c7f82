//! The portal's element for a scope: `<md-perm name="…" tags="…">`.

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

/// The names of `scopes`.
pub(crate) fn names(scopes: &[Scope]) -> Vec<String> {
    scopes.iter().map(|scope| scope.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::cell_of;

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
