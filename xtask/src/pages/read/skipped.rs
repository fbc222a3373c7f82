//! Why a page is not read.

use std::fmt;

use crate::pages::dialect;
use crate::pages::page::Page;
use crate::pages::protocol;

/// Why a page is not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It documents an HTTP method.
    Method,
    /// It tells about events in general, with one or more as examples.
    Overview,
    /// It shows an event as an example, and its tables are about something else.
    Guide,
    /// It names no event and shows none.
    NoEvent,
    /// It documents an event, or something like one, in a form that isn't read yet.
    UnreadForm(String),
}

impl Reason {
    /// The reason for a page that neither names nor shows an event.
    pub(in crate::pages::read) fn unnamed(page: &Page<'_>) -> Self {
        // The page is not read, so what may be wrong with its rows doesn't matter.
        let lists = dialect::field_lists(page, &mut Vec::new());
        let lists = lists.map_or_else(Vec::new, |(_, lists)| lists);
        if lists
            .iter()
            .any(|list| protocol::of_rows(&list.rows).is_some())
        {
            return Self::UnreadForm("nothing names the event of its table".to_owned());
        }
        Self::NoEvent
    }

    /// Whether the page has something that ought to be read.
    pub fn is_unread_form(&self) -> bool {
        matches!(self, Self::UnreadForm(_))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.write_str("no event: it documents an HTTP method"),
            Self::Overview => f.write_str("no event: it shows how events look in general"),
            Self::Guide => f.write_str("no event: its tables are about something else"),
            Self::NoEvent => f.write_str("no event: it names none and shows none"),
            Self::UnreadForm(what) => write!(f, "an event in a form that is not read yet: {what}"),
        }
    }
}
