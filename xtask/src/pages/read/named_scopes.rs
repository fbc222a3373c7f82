//! Scopes that a row names in words, and that the page lists elsewhere with their ids.

use std::collections::{BTreeMap, BTreeSet};

use crate::pages::dialect::FieldList;
use crate::pages::facts::{self, Scope};
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Header, Page};

/// Gives the rows the ids of the scopes that they name.
pub(super) fn resolve(
    page: &Page<'_>,
    header: &Header,
    lists: &mut [FieldList],
    findings: &mut Vec<Finding>,
) {
    let rows = lists.iter().flat_map(|list| &list.rows);
    let named: BTreeSet<String> = rows
        .filter(|row| row.scopes.is_empty())
        .flat_map(|row| row.scope_names.iter().cloned())
        .collect();
    if named.is_empty() {
        return;
    }
    let mut ids = BTreeMap::new();
    for (id, name) in facts::scopes_with_names(page.source.text()) {
        ids.entry(name).or_insert(id);
    }
    // One name and one id, and nothing else: they belong together.
    if let ([only], 1) = (&header.field_scopes[..], named.len()) {
        let name = named.iter().next().cloned().unwrap_or_default();
        ids.entry(name).or_insert_with(|| only.name.clone());
    }
    for row in lists.iter_mut().flat_map(|list| &mut list.rows) {
        if !row.scopes.is_empty() {
            continue;
        }
        for name in std::mem::take(&mut row.scope_names) {
            if let Some(id) = ids.get(&name) {
                if row.scopes.iter().all(|scope| scope.name != *id) {
                    row.scopes.push(Scope {
                        name: id.clone(),
                        history: false,
                    });
                }
                continue;
            }
            let what = format!("the scope `{name}` has no id on this page");
            let finding = Finding::new(Kind::UnknownScope, page.source, row.span.clone(), what);
            findings.push(finding.at(row.name.clone()).expected("its id beside it"));
        }
    }
}
