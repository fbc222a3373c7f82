//! The labels and cells that tell about the event as a whole: a table, or headings.

use std::ops::Range;

use super::blocks::Block;
use super::labels::{EVENT_TYPE, is_label, starts_with_label};
use super::markup;
use super::table::{Cell, Table, TableKind};
use crate::pages::source::Source;

/// Labels under which a page names a callback, which is answered, not only received.
pub(in crate::pages::page) const CALLBACK_TYPE: &[&str] = &["回调类型", "Callback type"];
/// Labels that only pages about HTTP methods have.
pub(in crate::pages::page) const METHOD: &[&str] = &["HTTP URL", "HTTP Method"];
pub(in crate::pages::page) const APP_TYPES: &[&str] = &["支持的应用类型", "Supported app types"];

/// What a page tells about its event.
#[derive(Debug)]
pub(crate) struct Info {
    entries: Vec<(String, Cell)>,
    pub(crate) span: Range<usize>,
}

impl Info {
    /// Everything on a page that could tell about its event.
    pub(in crate::pages::page) fn all(source: &Source, blocks: &[Block<'_>]) -> Vec<Self> {
        let mut infos: Vec<Self> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Table(table) if table.kind != TableKind::Levelled => Self::of_table(table),
                _ => None,
            })
            .collect();
        infos.extend(Self::of_headings(source, blocks));
        infos
    }

    /// A label stands in front of its cell: a list of events has it above a column.
    fn of_table(table: &Table) -> Option<Self> {
        let entries = table.rows.iter().filter_map(|row| match &row.cells[..] {
            [label, cell] => Some((label.own_text(), cell.clone())),
            _ => None,
        });
        let entries: Vec<_> = entries.collect();
        let span = table.span.clone();
        (!entries.is_empty()).then_some(Self { entries, span })
    }

    /// A heading that is a label, and the text below it.
    fn of_headings(source: &Source, blocks: &[Block<'_>]) -> Option<Self> {
        let mut entries = Vec::new();
        for (at, block) in blocks.iter().enumerate() {
            let Block::Heading(heading) = block else {
                continue;
            };
            if !is_label(&heading.text, EVENT_TYPE) {
                continue;
            }
            let end = blocks
                .get(at + 1)
                .map_or(source.text().len(), |next| next.span().start);
            let span = heading.span.end..end.max(heading.span.end);
            let cell = Cell {
                markup: markup::within(source, span.clone()).collect(),
                span,
            };
            entries.push((heading.text.to_string(), cell));
        }
        let (_, cell) = entries.first()?;
        let span = cell.content_span();
        Some(Self { entries, span })
    }

    fn has(&self, labels: &[&str]) -> bool {
        self.cell(labels).is_some()
    }

    /// Whether it names an event.
    pub(crate) fn is_of_event(&self) -> bool {
        self.has(EVENT_TYPE)
    }

    /// Whether it names a callback.
    pub(crate) fn is_of_callback(&self) -> bool {
        self.has(CALLBACK_TYPE)
    }

    /// Whether it names an HTTP method.
    pub(crate) fn is_of_method(&self) -> bool {
        self.has(METHOD)
    }

    /// The cell behind the first of `labels`. What the event is called is labelled briefly;
    /// the other labels may be followed by an explanation.
    pub(in crate::pages::page) fn cell(&self, labels: &[&str]) -> Option<&Cell> {
        let exact = [EVENT_TYPE, CALLBACK_TYPE, METHOD].contains(&labels);
        let matches = if exact { is_label } else { starts_with_label };
        let mut entries = self.entries.iter();
        entries
            .find(|(label, _)| matches(label, labels))
            .map(|(_, cell)| cell)
    }

    /// Where the event is named.
    pub(crate) fn event_type_span(&self) -> Range<usize> {
        self.cell(EVENT_TYPE)
            .or_else(|| self.cell(CALLBACK_TYPE))
            .map_or_else(|| self.span.clone(), |cell| cell.span.clone())
    }
}
