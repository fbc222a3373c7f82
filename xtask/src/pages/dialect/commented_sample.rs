//! The oldest form: no table, only a sample whose values show the types.

use std::collections::BTreeMap;

use feishu_events_gen::internals::schema::ListedValues;

use super::{Dialect, FieldList, FieldRow, Level};

use crate::pages::facts;
use crate::pages::finding::{Finding, Kind};
use crate::pages::page::{Page, Table, is_field_name, is_map_key};
use crate::pages::protocol;
use crate::pages::sample::{Member, Value, shown_type};
use crate::pages::source::Source;

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

    fn field_lists(&self, page: &Page<'_>, findings: &mut Vec<Finding>) -> Vec<FieldList> {
        // Where a table is, or what is left of one, the sample is not all that the page says.
        if page.source.text().contains(TABLE) || page.tables().any(lists_envelope) {
            return Vec::new();
        }
        page.code()
            .filter_map(|code| {
                let sample = code.sample()?;
                protocol::of_sample(&sample.value)?;
                Some(FieldList {
                    rows: rows(page.source, &sample.value, findings),
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

/// The first sample with an `event`, whatever stands round it.
pub(super) fn bare(page: &Page<'_>, findings: &mut Vec<Finding>) -> Option<FieldList> {
    page.code().find_map(|code| {
        let sample = code.sample()?;
        sample
            .value
            .get("event")
            .filter(|event| !event.members().is_empty())?;
        Some(FieldList {
            rows: rows(page.source, &sample.value, findings),
            span: code.span.clone(),
        })
    })
}

/// The rows that a sample shows, its own members outermost.
pub(crate) fn rows(source: &Source, sample: &Value, findings: &mut Vec<Finding>) -> Vec<FieldRow> {
    let mut rows = Vec::new();
    add_rows(source, &[sample], 0, &mut rows, findings);
    rows
}

/// Adds the rows that `objects`, which stand in one place of the sample, show together.
fn add_rows(
    source: &Source,
    objects: &[&Value],
    level: u8,
    rows: &mut Vec<FieldRow>,
    findings: &mut Vec<Finding>,
) {
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
        if !is_field_name(&field.key) {
            let what = format!("`{}` is not a field name", field.key);
            let finding = Finding::new(Kind::BadRow, source, field.span.clone(), what);
            findings.push(finding.expected("a sample in JSON, with names such as `user_id`"));
            continue;
        }
        rows.push(row(field, &values, level));
        let inside: Vec<&Value> = values.iter().copied().flat_map(Value::objects).collect();
        // What is in a map has no names; a sample is nested at most as deep as its parser allows.
        if map_type(&inside).is_none() {
            add_rows(source, &inside, level.saturating_add(1), rows, findings);
        }
    }
}

/// The row of a member that has these values in the sample's objects.
fn row(field: &Member, values: &[&Value], level: u8) -> FieldRow {
    let shown = values.iter().flat_map(|value| value.scalars()).next();
    let listed = field.note.as_deref().zip(shown.and_then(Value::as_str));
    let inside: Vec<&Value> = values.iter().copied().flat_map(Value::objects).collect();
    let type_name = map_type(&inside).or_else(|| shown_type(values));
    FieldRow {
        level: Level::At(level),
        name: field.key.clone(),
        values: listed.map_or_else(ListedValues::default, |(note, shown)| {
            facts::noted_values(note, shown)
        }),
        type_name: type_name.unwrap_or_else(|| "-".to_owned()),
        description: field.note.clone().unwrap_or_default(),
        span: field.span.clone(),
        ..FieldRow::default()
    }
}

/// The type of a map, if `objects` are some: their keys are data.
fn map_type(objects: &[&Value]) -> Option<String> {
    let members: Vec<&Member> = objects.iter().flat_map(|value| value.members()).collect();
    let is_map = !members.is_empty() && members.iter().all(|member| is_map_key(&member.key));
    let values: Vec<&Value> = members.iter().map(|member| &member.value).collect();
    let value = shown_type(&values).unwrap_or_else(|| "object".to_owned());
    is_map.then(|| format!("map<string, {value}>"))
}
