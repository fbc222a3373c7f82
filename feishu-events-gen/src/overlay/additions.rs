//! Fields that the page of an event lacks, each with its source: an SDK that reads it, or logs.

use std::path::{Path, PathBuf};

use super::corrections::{not_applied, rows_at};
use crate::error::{Error, Result};
use crate::schema::{ListedValues, Row, quoted};
use crate::schema_set::SchemaSet;

/// The additions to one event.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Additions {
    event_type: String,
    #[serde(rename = "additions")]
    list: Vec<Addition>,
    #[serde(skip)]
    path: PathBuf,
}

#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Addition {
    /// The names of the fields that lead to the new one, from level 0: `/event/object/id`.
    field: String,
    /// Its type, spelled as on pages.
    #[serde(rename = "type")]
    type_name: String,
    #[serde(default)]
    values: ListedValues,
    #[serde(default)]
    scopes: Vec<String>,
    /// The sources: the SDKs that read the field, or `logs` if it was seen on the wire.
    known_to: Vec<String>,
    /// For `logs`, what was seen: counts, never values.
    #[serde(default)]
    reason: Option<String>,
}

impl Additions {
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self> {
        let mut additions: Self = super::parse(path, text)?;
        path.clone_into(&mut additions.path);
        Ok(additions)
    }

    /// The file of the entries.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the entries that the event's page now documents itself, and returns their fields.
    pub fn remove_documented(&mut self, schemas: &SchemaSet) -> Vec<String> {
        let Some(file) = schemas.get(&self.event_type) else {
            return Vec::new();
        };
        let is_documented =
            |entry: &Addition| !rows_at(&file.schema.fields, &entry.field).is_empty();
        let (documented, rest) = std::mem::take(&mut self.list)
            .into_iter()
            .partition(is_documented);
        self.list = rest;
        let documented: Vec<Addition> = documented;
        documented.into_iter().map(|entry| entry.field).collect()
    }

    /// Whether no entry is left.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The form in which the entries are committed: one entry per line.
    pub fn to_json(&self) -> String {
        let entries: Vec<String> = self.list.iter().map(Addition::to_json).collect();
        format!(
            "{{\n  \"event_type\": {},\n  \"additions\": [\n{}\n  ]\n}}\n",
            quoted(&self.event_type),
            entries.join(",\n")
        )
    }

    /// Adds the rows that the schema lacks; a row that the page documents is left as it is. Returns an
    /// error for each that can't be added.
    pub(super) fn apply(&self, schemas: &mut SchemaSet) -> Vec<Error> {
        let problem = |field: &str, problem: &str| not_applied(&self.path, field, problem);
        let Some(schema) = schemas.get_mut(&self.event_type) else {
            return vec![problem(&self.event_type, "there is no such event")];
        };
        let mut problems = Vec::new();
        for addition in &self.list {
            let field = &addition.field;
            if addition.known_to.is_empty() {
                let what = "an addition needs `known_to`, its sources";
                problems.push(problem(field, what));
                continue;
            }
            if !rows_at(&schema.fields, field).is_empty() {
                continue;
            }
            let (outer, name) = field.rsplit_once('/').unwrap_or(("", field));
            let [parent] = *rows_at(&schema.fields, outer) else {
                problems.push(problem(field, "there must be exactly one row to add it to"));
                continue;
            };
            let level = schema.fields[parent].level;
            let inside = schema.fields[parent + 1..]
                .iter()
                .take_while(|row| row.level > level);
            let end = parent + 1 + inside.count();
            schema.fields.insert(end, addition.row(level + 1, name));
        }
        problems
    }
}

impl Addition {
    fn to_json(&self) -> String {
        let list = |items: &[String]| {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        };
        let mut members = vec![
            ("field", quoted(&self.field)),
            ("type", quoted(&self.type_name)),
        ];
        if !self.values.is_empty() {
            let values = self.values.0.iter();
            let values =
                values.map(|(value, label)| format!("{}: {}", quoted(value), quoted(label)));
            let values: Vec<String> = values.collect();
            members.push(("values", format!("{{ {} }}", values.join(", "))));
        }
        if !self.scopes.is_empty() {
            members.push(("scopes", list(&self.scopes)));
        }
        members.push(("known_to", list(&self.known_to)));
        members.extend(
            self.reason
                .as_ref()
                .map(|reason| ("reason", quoted(reason))),
        );
        let members = members
            .iter()
            .map(|(key, value)| format!("\"{key}\": {value}"));
        format!("    {{ {} }}", members.collect::<Vec<_>>().join(", "))
    }

    fn row(&self, level: u8, name: &str) -> Row {
        Row {
            level,
            name: name.to_owned(),
            type_name: self.type_name.clone(),
            values: self.values.clone(),
            scopes: self.scopes.clone(),
            known_to: self.known_to.clone(),
            ..Row::default()
        }
    }
}
