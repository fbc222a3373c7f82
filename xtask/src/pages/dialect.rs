//! The forms in which pages write down the fields of an event.
//!
//! A form is a module behind [`Dialect`] and an entry in [`DIALECTS`]; nothing else knows it.

use std::ops::Range;

use feishu_events_gen::internals::schema::ListedValues;

use crate::pages::facts::{Rules, Scope};
use crate::pages::finding::Finding;
use crate::pages::page::Page;

mod commented_sample;
mod corner_table;
mod field_table;
mod flat_table;
mod indented_table;
mod levelled_table;

pub(crate) use commented_sample::rows as rows_of_sample;
pub(crate) use field_table::DEEPEST;

/// A form in which pages write down fields.
pub(crate) trait Dialect: Sync {
    /// The name of the form in reports.
    fn name(&self) -> &'static str;

    /// Whether a page in this form says all that is documented: what it lacks, there isn't.
    fn is_complete(&self) -> bool {
        false
    }

    /// Whether the rows are those of a table; a sample shows some of them at best.
    fn is_table(&self) -> bool {
        true
    }

    /// The lists of fields that `page` has in this form, in order; none if it doesn't use it.
    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList>;
}

/// All forms, the richest first: a page is read in the first form that finds something.
const DIALECTS: &[&dyn Dialect] = &[
    &levelled_table::LevelledTable,
    &indented_table::IndentedTable,
    &corner_table::CornerTable,
    &flat_table::FlatTable,
    &commented_sample::CommentedSample,
];

/// The fields of one event as a page lists them.
#[derive(Debug)]
pub(crate) struct FieldList {
    pub(crate) rows: Vec<FieldRow>,
    /// Where the list stands.
    pub(crate) span: Range<usize>,
}

/// What a page says about the level of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// The level itself.
    At(u8),
    /// Only that it is not outermost.
    Inside,
    /// Nothing.
    Open,
}

impl Default for Level {
    fn default() -> Self {
        Self::At(0)
    }
}

/// A row of a list of fields.
#[derive(Debug, Default)]
pub(crate) struct FieldRow {
    pub(crate) level: Level,
    /// Whether the level is only the one that fits best.
    pub(crate) level_inferred: bool,
    pub(crate) name: String,
    pub(crate) type_name: String,
    /// The type that the sample shows against it.
    pub(crate) sample_type: Option<String>,
    pub(crate) values: ListedValues,
    /// Whether only their form shows that they are a list of values.
    pub(crate) values_unmarked: bool,
    pub(crate) rules: Rules,
    pub(crate) scopes: Vec<Scope>,
    /// Scopes that are named in words, without their ids.
    pub(crate) scope_names: Vec<String>,
    /// Whether only the sample shows the field, and the table has no row for it.
    pub(crate) from_sample: bool,
    /// What the page says of the field, in its own words.
    pub(crate) description: String,
    pub(crate) span: Range<usize>,
}

impl FieldRow {
    /// The level; 0 as long as none is settled.
    pub(crate) fn level(&self) -> u8 {
        match self.level {
            Level::At(level) => level,
            Level::Inside | Level::Open => 0,
        }
    }

    /// Without a list of values that only its form shows: the table marks its lists.
    fn without_unmarked(mut self) -> Self {
        if std::mem::take(&mut self.values_unmarked) {
            self.values = ListedValues::default();
        }
        self
    }
}

/// The only sample of `page` that has an `event`, though no envelope.
pub(crate) fn bare_sample(
    page: &Page<'_>,
    findings: &mut Vec<Finding>,
) -> Option<(&'static dyn Dialect, Vec<FieldList>)> {
    let list = commented_sample::bare(page, findings)?;
    Some((&commented_sample::CommentedSample, vec![list]))
}

/// The form of fields that a sample alone shows.
pub(crate) fn of_samples() -> &'static dyn Dialect {
    &commented_sample::CommentedSample
}

/// The lists of fields of `page`, and the form they are in.
pub(crate) fn field_lists(
    page: &Page<'_>,
    findings: &mut Vec<Finding>,
) -> Option<(&'static dyn Dialect, Vec<FieldList>)> {
    findings.extend(field_table::others(page));
    DIALECTS.iter().copied().find_map(|dialect| {
        let lists = dialect.field_lists(page, findings);
        (!lists.is_empty()).then_some((dialect, lists))
    })
}
