//! The events that a page names without being about them, as far as can be seen.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::pages::page::{Code, Page, is_event_type};
use crate::pages::protocol;

/// The name of an event on a page, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The name.
    pub event_type: String,
    /// Its place in the page's text.
    pub span: Range<usize>,
}

/// Names of three parts or more with a version, as all events of protocol 2.0 have them (fields of some
/// methods have two: `department.id_v2`); and what a handler is registered
/// for, whatever it is called.
static NAMES: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*){2,4}_v\d+\b|(?:register_p[12]_customized_event|OnP?[12]?CustomizedEvent|onP?[12]?CustomizedEvent)\(\s*["']([a-z][A-Za-z0-9_.]*)["']"#;
    Regex::new(pattern).expect("a constant pattern, compiled in the tests")
});

/// The events that `page` names, each once.
pub(super) fn of(page: &Page<'_>) -> Vec<Mention> {
    let text = page.source.text().replace("\\_", "_");
    let escaped = text.len() != page.source.text().len();
    let mut seen = BTreeSet::new();
    let mut mentions = Vec::new();
    for found in NAMES.captures_iter(&text) {
        let Some(name) = found.get(1).or_else(|| found.get(0)) else {
            continue;
        };
        // A part of an address or of a longer word names no event.
        let before = text[..name.start()].chars().next_back();
        let parted = before.is_none_or(|c| !(c.is_ascii_alphanumeric() || "/_.-".contains(c)));
        if parted && is_event_type(name.as_str()) && seen.insert(name.as_str().to_owned()) {
            // Without the backslashes, the places are others.
            let span = if escaped { 0..0 } else { name.range() };
            mentions.push(Mention {
                event_type: name.as_str().to_owned(),
                span,
            });
        }
    }
    let samples = page.code().filter_map(Code::sample);
    for sample in samples {
        let name = protocol::of_sample(&sample.value).and_then(|(_, name)| name);
        if let Some(name) = name.filter(|name| is_event_type(name) && !seen.contains(*name)) {
            let start = sample.value.span.start;
            mentions.push(Mention {
                event_type: name.to_owned(),
                span: start..start,
            });
        }
    }
    mentions
}
