//! The oldest form: no table, only a sample whose values show the types.

use std::collections::BTreeMap;

use feishu_events_gen::schema::ListedValues;

use super::{Dialect, FieldList, FieldRow, Level};

use crate::pages::facts;
use crate::pages::finding::Finding;
use crate::pages::page::{Page, Table};
use crate::pages::protocol;
use crate::pages::sample::{Member, Value, shown_type};

/// How every tag of a table of fields starts.
const TABLE: &str = "<md-dt-";

pub(in crate::pages::dialect) struct CommentedSample;

impl Dialect for CommentedSample {
    fn name(&self) -> &'static str {
        "commented sample"
    }

    fn is_table(&self) -> bool {
        false
    }

    fn field_lists(&self, page: &Page<'_>, _: &mut Vec<Finding>) -> Vec<FieldList> {
        // Where a table is, or what is left of one, the sample is not all that the page says.
        if page.source.text().contains(TABLE) || page.tables().any(lists_envelope) {
            return Vec::new();
        }
        page.code()
            .filter_map(|code| {
                let sample = code.sample()?;
                protocol::of_sample(&sample.value)?;
                let mut rows = Vec::new();
                add_rows(&[&sample.value], 0, &mut rows);
                Some(FieldList {
                    rows,
                    span: code.span.clone(),
                })
            })
            .collect()
    }
}

/// Whether a table has the envelope's fields in its rows: then it lists fields, even if its
/// columns are not understood.
fn lists_envelope(table: &Table) -> bool {
    let names = |wanted: &str| {
        let mut first = table.rows.iter().filter_map(|row| row.cells.first());
        first.any(|cell| cell.plain().ends_with(wanted))
    };
    names("event") && (names("header") || names("uuid") || names("token"))
}

/// Adds the rows that `objects`, which stand in one place of the sample, show together.
fn add_rows(objects: &[&Value], level: u8, rows: &mut Vec<FieldRow>) {
    let mut fields: Vec<(&Member, Vec<&Value>)> = Vec::new();
    let mut places = BTreeMap::new();
    for member in objects.iter().flat_map(|object| object.members()) {
        let place = *places.entry(&member.key).or_insert(fields.len());
        if place == fields.len() {
            fields.push((member, Vec::new()));
        }
        fields[place].1.push(&member.value);
    }
    for (field, values) in fields {
        let shown = values.iter().flat_map(|value| value.scalars()).next();
        let listed = field.note.as_deref().zip(shown.and_then(Value::as_str));
        rows.push(FieldRow {
            level: Level::At(level),
            name: field.key.clone(),
            values: listed.map_or_else(ListedValues::default, |(note, shown)| {
                facts::noted_values(note, shown)
            }),
            type_name: shown_type(&values).unwrap_or_else(|| "-".to_owned()),
            description: field.note.clone().unwrap_or_default(),
            span: field.span.clone(),
            ..FieldRow::default()
        });
        let inside: Vec<&Value> = values.into_iter().flat_map(Value::objects).collect();
        // A sample is nested at most as deep as its parser allows.
        add_rows(&inside, level.saturating_add(1), rows);
    }
}
