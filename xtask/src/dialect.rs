//! The forms in which pages write down the fields of an event.
//!
//! A form is a module behind [`Dialect`] and an entry in [`DIALECTS`]; nothing else knows it.

use std::ops::Range;

use feishu_events_gen::schema::ListedValues;

use crate::facts::{Rules, Scope};
use crate::finding::Finding;
use crate::page::Page;

mod commented_sample;
mod levelled_table;

/// A form in which pages write down fields.
pub(crate) trait Dialect: Sync {
    /// The name of the form in reports.
    fn name(&self) -> &'static str;

    /// The lists of fields that `page` has in this form, in order; none if it doesn't use it.
    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList>;
}

/// All forms, the richest first: a page is read in the first form that finds something.
const DIALECTS: &[&dyn Dialect] = &[
    &levelled_table::LevelledTable,
    &commented_sample::CommentedSample,
];

/// The fields of one event as a page lists them.
#[derive(Debug)]
pub(crate) struct FieldList {
    pub(crate) rows: Vec<FieldRow>,
    /// Where the list stands.
    pub(crate) span: Range<usize>,
}

/// A row of a list of fields.
#[derive(Debug, Default)]
pub(crate) struct FieldRow {
    pub(crate) level: u8,
    pub(crate) name: String,
    pub(crate) type_name: String,
    pub(crate) values: ListedValues,
    pub(crate) rules: Rules,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) span: Range<usize>,
}

/// The lists of fields of `page`, and the form they are in.
pub(crate) fn field_lists(
    page: &Page<'_>,
    findings: &mut Vec<Finding>,
) -> Option<(&'static str, Vec<FieldList>)> {
    DIALECTS.iter().find_map(|dialect| {
        let lists = dialect.field_lists(page, findings);
        (!lists.is_empty()).then(|| (dialect.name(), lists))
    })
}
