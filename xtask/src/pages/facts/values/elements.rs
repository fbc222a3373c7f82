//! The portal's element for listed values: `<md-enum>` with `<md-enum-item key="…">`.

use std::collections::BTreeSet;
use std::ops::Range;

use feishu_events_gen::internals::schema::ListedValues;

use super::super::label;
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Cell, Element, Markup};
use crate::pages::source::Source;

/// The values that a cell lists, with their labels.
pub(in crate::pages::facts::values) fn values(
    source: &Source,
    cell: &Cell,
    findings: &mut Vec<Finding>,
) -> ListedValues {
    let mut seen = BTreeSet::new();
    let mut listed = ListedValues::default();
    for item in items(cell) {
        let problem = match item.key {
            None => "a listed value without `key`".to_owned(),
            Some(key) if !seen.insert(key) => format!("the value `{key}` is listed twice"),
            Some(key) => {
                listed.0.push((key.to_owned(), label(&item.text)));
                continue;
            }
        };
        findings.push(Finding::new(Kind::BadValue, source, item.span, problem));
    }
    listed
}

struct Item<'c> {
    key: Option<&'c str>,
    text: String,
    span: Range<usize>,
}

/// An item ends at its end tag, or where the next one or the list's end stands.
fn items(cell: &Cell) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut inside = false;
    for Markup { element, span } in &cell.markup {
        match element {
            Element::Open { name, attributes } if name == "md-enum-item" => {
                inside = true;
                let key = attributes.get("key").map(|key| key.trim());
                items.push(Item {
                    key: key.filter(|key| !key.is_empty()),
                    text: String::new(),
                    span: span.clone(),
                });
            }
            Element::Close(name) if name == "md-enum-item" || name == "md-enum" => inside = false,
            Element::Text(text) if inside => {
                if let Some(item) = items.last_mut() {
                    item.text.push_str(text);
                }
            }
            _ => {}
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::page::cell_of;

    #[test]
    fn values_keep_their_order_and_odd_ones_are_named() {
        let source = Source::new(
            "p.md",
            "Which.\n<md-enum>\n<md-enum-item key=\"2\" >Two, too</md-enum-item>\n\
             <md-enum-item key=\"1\">One<md-enum-item key=\"2\">Again</md-enum-item>\n\
             <md-enum-item>None</md-enum-item></md-enum>text",
        );
        let mut findings = Vec::new();
        let listed = values(&source, &cell_of(&source), &mut findings);
        let expected = [("2", "Two"), ("1", "One")].map(|(k, v)| (k.into(), v.into()));
        assert_eq!(listed.0, expected);
        let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(findings.join("\n"), @r"
        p.md:4: warning[bad-value]: the value `2` is listed twice
        p.md:5: warning[bad-value]: a listed value without `key`
        ");
    }
}
