//! Info table → the names, app types and scopes of the event.

use std::collections::BTreeSet;
use std::ops::Range;

use feishu_events_gen::internals::schema::AppType;

use super::event_name::is_event_type;
use super::info::{APP_TYPES, CALLBACK_TYPE, Info};
use super::labels::EVENT_TYPE;
use super::labels::{FIELD_SCOPES, SCOPES};
use super::table::Cell;
use super::{Element, Markup};
use crate::pages::facts::{self, Scope};
use crate::pages::finding::{Finding, Kind};
use crate::pages::source::Source;

/// What the info table tells.
#[derive(Debug, Default)]
pub(crate) struct Header {
    pub(crate) event_types: Vec<Named>,
    pub(crate) app_types: Vec<AppType>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) field_scopes: Vec<Scope>,
}

/// A name of an event and where the page says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) event_type: String,
    pub(crate) span: Range<usize>,
}

impl Header {
    /// Reads the info table.
    pub(crate) fn read(source: &Source, info: &Info, findings: &mut Vec<Finding>) -> Self {
        let mut scopes = |labels| {
            info.cell(labels).map_or_else(Vec::new, |cell| {
                facts::listed_scopes(source, cell, findings)
            })
        };
        let (scopes, field_scopes) = (scopes(SCOPES), scopes(FIELD_SCOPES));
        let app_types = info
            .cell(APP_TYPES)
            .map_or_else(Vec::new, |cell| app_types(source, cell, findings));
        Self {
            event_types: info
                .cell(EVENT_TYPE)
                .or_else(|| info.cell(CALLBACK_TYPE))
                .map_or_else(Vec::new, event_types),
            app_types,
            scopes,
            field_scopes,
        }
    }
}

/// The names in a cell. One alone may be a plain word; of several each looks like a name.
fn event_types(cell: &Cell) -> Vec<Named> {
    let text = cell.plain();
    let words: BTreeSet<&str> = words(&text).collect();
    let alone = words.len() == 1;
    let mut seen = BTreeSet::new();
    self::words(&text)
        .filter(|word| is_event_type(word) && (alone || word.contains(['_', '.'])))
        .filter(|word| seen.insert(*word))
        .map(|word| Named {
            event_type: word.to_owned(),
            span: cell.content_span(),
        })
        .collect()
}

/// The names of events in a text; plain words are not taken for names.
pub(crate) fn event_types_in(text: &str) -> impl Iterator<Item = &str> {
    words(text).filter(|word| is_event_type(word) && word.contains(['_', '.']))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
        .filter(|word| !word.is_empty())
}

fn app_types(source: &Source, cell: &Cell, findings: &mut Vec<Finding>) -> Vec<AppType> {
    let mut found = Vec::new();
    let mut unclear = |span: Range<usize>, what: String| {
        findings.push(
            Finding::new(Kind::AppTypesUnclear, source, span, what)
                .expected("`custom` or `isv` in `md-app-support`"),
        );
    };
    let mut any = false;
    for Markup { element, span } in &cell.markup {
        let Element::Open { name, attributes } = element else {
            continue;
        };
        if name != "md-app-support" {
            continue;
        }
        any = true;
        let types = attributes.get("types").map_or("", String::as_str);
        for name in types
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match [AppType::Custom, AppType::Isv]
                .into_iter()
                .find(|t| t.as_str() == name)
            {
                Some(app_type) if !found.contains(&app_type) => found.push(app_type),
                Some(_) => {}
                None => unclear(span.clone(), format!("`{name}` is not a type of app")),
            }
        }
    }
    if !any {
        found = app_types_in(&cell.plain());
    }
    if !any && found.is_empty() {
        unclear(
            cell.span.clone(),
            "the cell names no kind of app".to_owned(),
        );
    }
    found
}

/// The kinds of app that a text names, in words of either language.
fn app_types_in(text: &str) -> Vec<AppType> {
    let text = text.to_lowercase();
    let words: [(AppType, &[&str]); 2] = [
        (AppType::Custom, &["custom", "自建"]),
        (AppType::Isv, &["isv", "store app", "商店"]),
    ];
    let named = words
        .iter()
        .filter(|(_, words)| words.iter().any(|word| text.contains(word)));
    named.map(|(app_type, _)| *app_type).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_events_are_recognised() {
        for name in [
            "contact.user.updated_v3",
            "leave_approvalV2",
            "p2p_chat_create",
            "message",
        ] {
            assert!(is_event_type(name), "{name}");
        }
        for name in [
            "", "a..b", ".a", "../a_b", "a_b/c", "_a.b", "N", "事件_a", "2.0",
        ] {
            assert!(!is_event_type(name), "{name}");
        }
    }

    #[test]
    fn a_cell_may_name_several_events() {
        for (text, expected) in [
            ("garden.tree.planted_v1", &["garden.tree.planted_v1"][..]),
            ("message", &["message"]),
            (
                "leaf_fell<br>leaf_grew、leaf_fell",
                &["leaf_fell", "leaf_grew"],
            ),
            ("N/A", &[]),
            ("暂无", &[]),
        ] {
            let source = Source::new("p.md", text);
            let named = event_types(&crate::pages::page::cell_of(&source));
            let found: Vec<&str> = named.iter().map(|name| &name.event_type[..]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
