//! Looking up events and callbacks by name.

use proc_macro2::{Ident, Span};

use crate::generated::EVENTS;

/// A known event.
pub(crate) struct Event {
    /// Its name on the wire.
    pub(crate) name: &'static str,
    /// Its variant in `EventType`.
    pub(crate) variant: &'static str,
    /// The module of its payload.
    pub(crate) service: &'static str,
    /// The name of its payload's type.
    pub(crate) payload: &'static str,
    /// Whether it is a callback, which has a response.
    pub(crate) is_callback: bool,
}

/// The event with this name.
pub(crate) fn find(name: &str) -> Option<&'static Event> {
    let index = EVENTS.binary_search_by(|event| event.name.cmp(name)).ok()?;
    EVENTS.get(index)
}

/// The names of all events and callbacks.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    EVENTS.iter().map(|event| event.name)
}

/// Names that were seen in logs of running apps, or stand in a program that is not the platform's,
/// without anything that says what the payload has. The nearest documented name is another event.
const WITHOUT_TYPE: [&str; 8] = [
    "approval",
    "im.message.created_v1",
    "im.message.updated_v1",
    "passport.session.created_v1",
    "passport.session.deleted_v1",
    "search.data_source.created_v1",
    "search.data_source.deleted_v1",
    "search.data_source.updated_v1",
];

/// Whether an event of this name exists, as far as anyone knows, and has no type.
pub(crate) fn is_without_type(name: &str) -> bool {
    WITHOUT_TYPE.contains(&name) || name.starts_with("event.subscription.")
}

/// The events, but not the callbacks, whose names are of the form of `pattern`, where `*` stands
/// for any text.
pub(crate) fn matching(pattern: &str) -> impl Iterator<Item = &'static Event> {
    EVENTS
        .iter()
        .filter(move |event| !event.is_callback && fits(pattern, event.name))
}

/// The name of a callback that is of the form of `pattern`.
pub(crate) fn callback_matching(pattern: &str) -> Option<&'static str> {
    let mut callbacks = EVENTS.iter().filter(|event| event.is_callback);
    let callback = callbacks.find(|event| fits(pattern, event.name))?;
    Some(callback.name)
}

fn fits(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(start) else {
        return false;
    };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return name.ends_with(part);
        }
        // The earliest place leaves the most room for what follows.
        let Some(at) = name.find(part) else {
            return false;
        };
        name = &name[at + part.len()..];
    }
    true
}

/// A name of the table, which may be raw, as an identifier.
pub(crate) fn ident(name: &str, span: Span) -> Ident {
    match name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, span),
        None => Ident::new(name, span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(fits(
            "contact.department.*",
            "contact.department.updated_v3"
        ));
        assert!(fits(
            "contact.*.updated_v3",
            "contact.department.updated_v3"
        ));
        assert!(fits("*", "contact.department.updated_v3"));
        assert!(fits("*department*_v3", "contact.department.updated_v3"));
        assert!(!fits("contact.user.*", "contact.department.updated_v3"));
        assert!(!fits(
            "contact.*.updated_v2",
            "contact.department.updated_v3"
        ));
        assert!(!fits("a*a", "a"));
    }

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(EVENTS.is_sorted_by(|a, b| a.name < b.name));
        assert!(EVENTS.iter().all(|event| find(event.name).is_some()));
    }
}
