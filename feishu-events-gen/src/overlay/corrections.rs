//! Corrections of an event's documentation, each with a reason and a link as evidence.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::schema::{ListedValues, Row, row_paths};
use crate::schema_set::SchemaSet;

/// The corrections of one event.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    event_type: String,
    #[serde(rename = "corrections")]
    list: Vec<Correction>,
    #[serde(skip)]
    path: PathBuf,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Correction {
    /// The names of the fields that lead to the row, from level 0: `/event/object/id`.
    field: String,
    set: RowChange,
    reason: String,
    link: String,
}

#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RowChange {
    #[serde(rename = "type")]
    type_name: Option<String>,
    sample_type: Option<String>,
    values: Option<ListedValues>,
    scopes: Option<Vec<String>>,
}

impl Corrections {
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self> {
        let mut corrections: Self = super::parse(path, text)?;
        path.clone_into(&mut corrections.path);
        Ok(corrections)
    }

    /// Applies the corrections, and returns an error for each that can't be applied.
    pub(super) fn apply(&self, schemas: &mut SchemaSet) -> Vec<Error> {
        let problem = |field: &str, problem: &str| not_applied(&self.path, field, problem);
        let Some(schema) = schemas.get_mut(&self.event_type) else {
            return vec![problem(&self.event_type, "there is no such event")];
        };
        let mut problems = Vec::new();
        for correction in &self.list {
            let field = &correction.field;
            if correction.reason.is_empty() || !correction.link.starts_with("https://") {
                let what = "a correction needs a reason and a link that begins with `https://`";
                problems.push(problem(field, what));
                continue;
            }
            let rows = rows_at(&schema.fields, field);
            let [row] = rows.as_slice() else {
                problems.push(problem(field, "there must be exactly one such row"));
                continue;
            };
            let row = &mut schema.fields[*row];
            let before = row.clone();
            correction.set.apply(row);
            if *row == before {
                problems.push(problem(field, "the row is already as corrected"));
            }
        }
        problems
    }
}

impl RowChange {
    fn apply(&self, row: &mut Row) {
        let Self {
            type_name,
            sample_type,
            values,
            scopes,
        } = self.clone();
        row.type_name = type_name.unwrap_or_else(|| std::mem::take(&mut row.type_name));
        row.sample_type = sample_type.or_else(|| row.sample_type.take());
        row.values = values.unwrap_or_else(|| std::mem::take(&mut row.values));
        row.scopes = scopes.unwrap_or_else(|| std::mem::take(&mut row.scopes));
    }
}

/// The error of a correction or addition in the file `path`.
pub(super) fn not_applied(path: &Path, field: &str, problem: &str) -> Error {
    Error::Correction {
        path: path.to_owned(),
        field: field.to_owned(),
        problem: problem.to_owned(),
    }
}

/// The indices of the rows at the pointer `field`.
pub(super) fn rows_at(rows: &[Row], field: &str) -> Vec<usize> {
    let paths = row_paths(rows).enumerate();
    let found = paths.filter(|(_, path)| field.split('/').skip(1).eq(path.names()));
    found.map(|(index, _)| index).collect()
}
