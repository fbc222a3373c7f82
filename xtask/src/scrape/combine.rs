//! Several descriptions of one event → one schema.
//!
//! The newest table wins. What it can't say in its form is added from the others; where two say
//! different things, that is reported.

use std::collections::{BTreeMap, BTreeSet};

use feishu_events_gen::internals::schema::{EventSchema, Row, row_paths};

use super::listed;
use super::relevel::relevel;
use crate::pages::finding::{Finding, Kind};
use crate::pages::read::Form;

/// One description of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Description<'a> {
    /// The page, or the schema file, as messages call it.
    pub(super) name: &'a str,
    pub(super) schema: &'a EventSchema,
    pub(super) form: Form,
    /// What a page says of each row in its own words; nothing of a schema that lies there.
    pub(super) said: &'a [String],
    /// Whether its words are English.
    pub(super) english: bool,
    /// Whether it is what Lark's portal says.
    pub(super) lark: bool,
    /// Whether it was read in this run; otherwise it is the schema that lies there already.
    pub(super) fresh: bool,
}

impl Description<'_> {
    pub(super) fn day(&self) -> Option<&str> {
        self.schema.document.as_ref()?.updated.as_deref()
    }
}

/// How messages call schemas of earlier runs.
pub(super) const EARLIER: Form = Form {
    name: "schema",
    complete: false,
    table: true,
    named: true,
};

/// The form of a schema that lies there, beside pages of which the newest is of the day `newest`:
/// an older one with nothing but what a sample shows was read from a sample.
pub(super) fn earlier_form(schema: &EventSchema, newest: Option<&str>) -> Form {
    let shown = |row: &Row| {
        let plain = matches!(
            row.type_name.trim_end_matches("[]"),
            "string" | "int" | "float" | "boolean" | "object" | "array" | "-"
        );
        plain && row.scopes.is_empty() && row.min_len.is_none() && row.max_len.is_none()
    };
    let day = schema
        .document
        .as_ref()
        .and_then(|page| page.updated.as_deref());
    let table = day >= newest || !schema.fields.iter().all(shown);
    Form {
        table,
        named: table,
        ..EARLIER
    }
}

/// Brings descriptions of one event into the order in which they are believed.
pub(super) fn sort(descriptions: &mut [Description<'_>]) {
    descriptions.sort_by(|a, b| {
        let rank = |d: &Description<'_>| (d.form.table, d.form.named);
        // Of the same day, what lies there was read from a page that says as much or more.
        let tie = |d: &Description<'_>| (d.form.complete, !d.fresh);
        rank(b)
            .cmp(&rank(a))
            .then_with(|| b.day().cmp(&a.day()))
            .then_with(|| tie(b).cmp(&tie(a)))
            .then_with(|| a.name.cmp(b.name))
    });
}

/// The first description, with the facts of the others that it can't have in its form.
pub(super) fn combine(
    descriptions: &[Description<'_>],
    findings: &mut Vec<Finding>,
) -> Option<EventSchema> {
    let (base, others) = descriptions.split_first()?;
    let mut schema = base.schema.clone();
    for other in others {
        if other.form.name == base.form.name && !lacks_levels(&schema) {
            continue;
        }
        contradictions(base, other, findings);
        if base.form.complete && !other.fresh {
            // It says all there is; what lies there may be a mistake of an earlier run.
            listed::keep(&mut schema.fields, base.said, &other.schema.fields);
            continue;
        }
        add_event(&mut schema, base, other.schema);
        relevel(&mut schema.fields, &other.schema.fields);
        add_rows(&mut schema.fields, base, other.schema);
    }
    Some(schema)
}

fn lacks_levels(schema: &EventSchema) -> bool {
    schema.fields.iter().any(|row| row.level_inferred)
}

fn add_event(schema: &mut EventSchema, base: &Description<'_>, other: &EventSchema) {
    if schema.title.is_empty() || schema.title.contains(char::REPLACEMENT_CHARACTER) {
        schema.title.clone_from(&other.title);
    }
    if schema.document.is_none() {
        schema.document.clone_from(&other.document);
    }
    if base.form.complete {
        return;
    }
    for (own, others) in [
        (&mut schema.scopes, &other.scopes),
        (&mut schema.field_scopes, &other.field_scopes),
    ] {
        if own.is_empty() {
            own.clone_from(others);
        }
    }
    if schema.app_types.is_empty() {
        schema.app_types.clone_from(&other.app_types);
    }
    for scope in &other.history_scopes {
        if !schema.history_scopes.contains(scope) {
            schema.history_scopes.push(scope.clone());
        }
    }
}

fn add_rows(rows: &mut Vec<Row>, base: &Description<'_>, other: &EventSchema) {
    let places = places(rows);
    let names: BTreeSet<String> = rows.iter().map(|row| row.name.clone()).collect();
    let mut missing: Vec<(String, &Row)> = Vec::new();
    for (path, row) in paths(&other.fields) {
        // A row whose level is guessed is most likely the one of its name that stands elsewhere.
        if row.level_inferred && !places.contains_key(&path) && names.contains(&row.name) {
            continue;
        }
        match places.get(&path) {
            Some(at) => add_row(&mut rows[*at], row, base.form.complete),
            None => missing.push((path, row)),
        }
    }
    // What a poorer form has not may still be there; what a complete one has not is gone.
    if !base.form.complete {
        for (path, row) in missing {
            insert(rows, &path, row);
        }
    }
}

fn add_row(row: &mut Row, other: &Row, complete: bool) {
    if row.values.is_empty() {
        row.values.clone_from(&other.values);
    }
    for (value, label) in row
        .values
        .0
        .iter_mut()
        .filter(|(_, label)| label.is_empty())
    {
        let known = other.values.0.iter().find(|(other, _)| other == value);
        if let Some((_, known)) = known {
            label.clone_from(known);
        }
    }
    if (row.min_len, row.max_len) == (None, None) {
        (row.min_len, row.max_len) = (other.min_len, other.max_len);
    }
    if row.min.is_none() && row.max.is_none() {
        row.min.clone_from(&other.min);
        row.max.clone_from(&other.max);
    }
    if row.scopes.is_empty() && !complete {
        row.scopes.clone_from(&other.scopes);
    }
    if row.sample_type.is_none() && row.type_name == other.type_name {
        row.sample_type.clone_from(&other.sample_type);
    }
}

/// Inserts a row behind the last one that stands inside its parent; the parent was there before
/// or has been inserted before it.
fn insert(rows: &mut Vec<Row>, path: &str, row: &Row) {
    let parent = path.rsplit_once('.').map(|(parent, _)| parent);
    let at = parent.and_then(|parent| places(rows).get(parent).copied());
    let (start, level) = match (parent, at) {
        (None, _) => (rows.len(), 0),
        (Some(_), Some(at)) => {
            let level = rows[at].level;
            let inside = rows[at + 1..].iter().take_while(|row| row.level > level);
            (at + 1 + inside.count(), level + 1)
        }
        (Some(_), None) => return,
    };
    let row = Row {
        level,
        ..row.clone()
    };
    rows.insert(start, row);
}

/// The rows with the names from the outermost to them; of several with the same path the first.
pub(super) fn paths(rows: &[Row]) -> Vec<(String, &Row)> {
    let paths = row_paths(rows);
    let dotted = paths.map(|path| (path.names().collect::<Vec<_>>().join("."), path.row));
    dotted.collect()
}

fn places(rows: &[Row]) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for (at, (path, _)) in paths(rows).into_iter().enumerate() {
        places.entry(path).or_insert(at);
    }
    places
}

/// Reports what two descriptions say differently.
fn contradictions(base: &Description<'_>, other: &Description<'_>, findings: &mut Vec<Finding>) {
    // A sample shows no types by name.
    if !other.form.table || !base.form.table {
        return;
    }
    let mut report = |row: &str, what: String| {
        findings.push(Finding::of_page(Kind::Contradiction, other.name, what).at(row));
    };
    let places = places(&base.schema.fields);
    for (path, row) in paths(&other.schema.fields) {
        let Some(own) = places.get(&path).map(|at| &base.schema.fields[*at]) else {
            let event = &base.schema.event_type;
            report(
                &path,
                format!("`{event}` has it here, but not in `{}`", base.name),
            );
            continue;
        };
        if own.type_name != row.type_name {
            let (ours, theirs) = (&own.type_name, &row.type_name);
            report(
                &path,
                format!("`{theirs}` here, `{ours}` in `{}`", base.name),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use feishu_events_gen::internals::schema::EventSchema;

    use super::*;

    fn schema(day: &str, rows: &str) -> EventSchema {
        let text = format!(
            r#"{{"event_type": "garden.a_v1", "title": "", "protocol": "2.0",
            "document": {{"path": "/x", "updated": "{day}"}}, "fields": [{rows}]}}"#
        );
        EventSchema::from_json(&text).unwrap()
    }

    const FORM: Form = Form {
        name: "flat table",
        complete: false,
        table: true,
        named: true,
    };
    const COMPLETE: Form = Form {
        name: "levelled table",
        complete: true,
        ..FORM
    };

    fn combined(list: &[(&EventSchema, Form, bool)]) -> (String, Vec<String>) {
        let names = ["a", "b", "c"];
        let descriptions =
            list.iter()
                .zip(names)
                .map(|((schema, form, fresh), name)| Description {
                    name,
                    schema,
                    form: *form,
                    said: &[],
                    english: false,
                    lark: false,
                    fresh: *fresh,
                });
        let mut descriptions: Vec<_> = descriptions.collect();
        sort(&mut descriptions);
        let mut findings = Vec::new();
        let schema = combine(&descriptions, &mut findings).unwrap();
        let rows = schema.fields.iter().map(|row| {
            let scopes = row.scopes.join("+");
            format!("{}{}:{}[{scopes}]", row.level, row.name, row.type_name)
        });
        let findings = findings.iter().map(ToString::to_string);
        (rows.collect::<Vec<_>>().join(" "), findings.collect())
    }

    const RICH: &str = r#"{"level": 0, "name": "event", "type": "-"},
        {"level": 1, "name": "id", "type": "string", "scopes": ["a:b"]},
        {"level": 1, "name": "old", "type": "user_id"}"#;
    const POOR: &str = r#"{"level": 0, "name": "event", "type": "-"},
        {"level": 1, "name": "id", "type": "int"}"#;

    #[test]
    fn a_poorer_form_loses_nothing_of_what_is_there() {
        let (rich, poor) = (schema("2024-01-01", RICH), schema("2025-01-01", POOR));
        let form = earlier_form(&rich, Some("2025-01-01"));
        let (rows, findings) = combined(&[(&poor, FORM, true), (&rich, form, false)]);
        assert_eq!(rows, "0event:-[] 1id:int[a:b] 1old:user_id[]");
        insta::assert_snapshot!(findings.join("\n"), @"
        b: warning[contradiction]: `event.id`: `string` here, `int` in `a`
        b: warning[contradiction]: `event.old`: `garden.a_v1` has it here, but not in `a`
        ");
    }

    #[test]
    fn the_newest_complete_page_wins() {
        let (rich, poor) = (schema("2024-01-01", RICH), schema("2025-01-01", POOR));
        for (list, expected) in [
            (
                [(&poor, COMPLETE, true), (&rich, FORM, true)],
                "0event:-[] 1id:int[]",
            ),
            (
                [(&poor, COMPLETE, true), (&rich, EARLIER, false)],
                "0event:-[] 1id:int[]",
            ),
            (
                [(&poor, FORM, true), (&rich, COMPLETE, true)],
                "0event:-[] 1id:int[a:b] 1old:user_id[]",
            ),
        ] {
            assert_eq!(combined(&list).0, expected);
        }
        let same_day = schema("2024-01-01", POOR);
        let (rows, _) = combined(&[(&same_day, FORM, true), (&rich, COMPLETE, true)]);
        assert_eq!(rows, "0event:-[] 1id:string[a:b] 1old:user_id[]");
    }

    #[test]
    fn guessed_levels_give_way() {
        let guess = r#"{"level": 0, "name": "event", "type": "-"},
            {"level": 1, "level_inferred": true, "name": "id", "type": "int"}"#;
        let (guess, poor) = (schema("2025-01-01", guess), schema("2024-01-01", POOR));
        let mut findings = Vec::new();
        let descriptions = [(&guess, "a"), (&poor, "b")].map(|(schema, name)| Description {
            name,
            schema,
            form: FORM,
            said: &[],
            english: false,
            lark: false,
            fresh: true,
        });
        let schema = combine(&descriptions, &mut findings).unwrap();
        assert!(!lacks_levels(&schema));
    }
}
