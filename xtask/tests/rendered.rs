//! Every committed schema of protocol 2.0, as a page in each form and read again: rows, levels, types,
//! scopes and values are as before.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

mod render;

use std::path::Path;

use feishu_events_gen::internals::SchemaSet;
use feishu_events_gen::internals::schema::{EventKind, EventSchema, Protocol};
use render::Form;
use xtask::pages::decode::decode;
use xtask::pages::read::{Outcome, read_page};

/// The schemas of events that a page documents.
fn schemas() -> Vec<EventSchema> {
    let set = SchemaSet::load(Path::new("../schemas")).unwrap();
    let schemas = set.iter().map(|file| &file.schema);
    let of_pages = schemas.filter(|schema| {
        let enveloped = schema.fields.iter().any(|row| row.name == "header");
        schema.protocol == Protocol::V2
            && schema.kind == EventKind::Event
            && schema.document.is_some()
            && enveloped
    });
    of_pages.cloned().collect()
}

/// The facts, a line each.
fn facts(schema: &EventSchema, levels: bool) -> Vec<String> {
    let apps = schema.app_types.iter().map(|app| app.as_str());
    let mut lines = vec![
        schema.event_type.clone(),
        format!("apps {}", apps.collect::<Vec<_>>().join(" ")),
        format!("scopes {}", schema.scopes.join(" ")),
        format!("field scopes {}", schema.field_scopes.join(" ")),
    ];
    lines.extend(schema.fields.iter().map(|row| {
        let level = if levels { row.level } else { 0 };
        let values = row.values.0.iter();
        let values: Vec<String> = values
            .map(|(value, label)| format!("{value}={label}"))
            .collect();
        let (name, type_name) = (&row.name, &row.type_name);
        format!("{level} {name}: {type_name} {:?} {values:?}", row.scopes)
    }));
    lines
}

fn read(page: &str) -> Result<EventSchema, String> {
    let reading = read_page(&decode("page.md", page.as_bytes()).unwrap());
    match reading.outcome {
        Outcome::Events(mut events) if events.len() == 1 => Ok(events.remove(0).schema),
        other => Err(format!("{other:?}, {:?}", reading.findings)),
    }
}

/// Without optimisation all pages take most of a minute: then each schema is read in a third of the
/// forms, unless `EVERY_FORM` is set.
#[test]
fn every_schema_is_read_back_in_every_form() {
    let all = !cfg!(debug_assertions) || std::env::var_os("EVERY_FORM").is_some();
    let mut wrong = Vec::new();
    let mut pages = 0;
    for (number, schema) in schemas().into_iter().enumerate() {
        let forms = Form::ALL.into_iter().enumerate();
        let forms = forms.filter(|(at, _)| all || (at + number) % 3 == 0);
        for (_, form) in forms {
            for sample in [true, false] {
                let page = form.page(&schema, sample);
                pages += 1;
                let levels = sample || form.states_levels();
                let expected = facts(&schema, levels);
                let found = read(&page).map(|schema| facts(&schema, levels));
                let found = found.unwrap_or_else(|error| vec![error]);
                if found != expected {
                    let differ = expected.iter().zip(&found).find(|(a, b)| a != b);
                    let (a, b) = differ.map_or(("", ""), |(a, b)| (a.as_str(), b.as_str()));
                    wrong.push(format!(
                        "{form:?} {sample} {}: {} {} {a} / {b}",
                        schema.event_type,
                        expected.len(),
                        found.len()
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {pages}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
