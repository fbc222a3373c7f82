//! The table of labels and cells that tells about the event as a whole.

use super::Page;
use super::table::{Cell, Table, TableKind};

/// Labels under which a page names the event.
pub(super) const EVENT_TYPE: &[&str] = &["事件类型"];
/// Labels under which a page names a callback, which is answered, not only received.
pub(super) const CALLBACK_TYPE: &[&str] = &["回调类型"];
/// Labels that only pages about HTTP methods have.
pub(super) const METHOD: &[&str] = &["HTTP URL", "HTTP Method"];
pub(super) const APP_TYPES: &[&str] = &["支持的应用类型"];
pub(super) const SCOPES: &[&str] = &["权限要求"];
pub(super) const FIELD_SCOPES: &[&str] = &["字段权限要求"];

/// A page's info table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InfoTable<'p> {
    table: &'p Table,
}

impl<'p> InfoTable<'p> {
    /// The table that names the event, if the page has one.
    pub(crate) fn of_event(page: &'p Page<'_>) -> Option<Self> {
        Self::with(page, EVENT_TYPE)
    }

    /// The table that names a callback, if the page has one.
    pub(crate) fn of_callback(page: &'p Page<'_>) -> Option<Self> {
        Self::with(page, CALLBACK_TYPE)
    }

    /// The table that names an HTTP method, if the page has one.
    pub(crate) fn of_method(page: &'p Page<'_>) -> Option<Self> {
        Self::with(page, METHOD)
    }

    /// A label stands in front of its cell: a list of events has it above a column.
    fn with(page: &'p Page<'_>, labels: &[&str]) -> Option<Self> {
        page.tables()
            .filter(|table| table.kind == TableKind::Simple)
            .map(|table| Self { table })
            .find(|info| info.cell(labels).is_some())
    }

    /// The cell behind the first of `labels`.
    pub(super) fn cell(self, labels: &[&str]) -> Option<&'p Cell> {
        self.table.rows.iter().find_map(|row| match &row.cells[..] {
            [label, cell] if labels.contains(&label.own_text().as_str()) => Some(cell),
            _ => None,
        })
    }

    /// Where the table stands.
    pub(crate) fn span(self) -> std::ops::Range<usize> {
        self.table.span.clone()
    }

    /// Where the event is named.
    pub(crate) fn event_type_span(self) -> std::ops::Range<usize> {
        self.cell(EVENT_TYPE)
            .map_or_else(|| self.span(), |cell| cell.span.clone())
    }

    /// What the page calls the callback.
    pub(crate) fn callback_type(self) -> String {
        self.cell(CALLBACK_TYPE)
            .map_or_else(String::new, Cell::plain)
    }
}
