//! Everything that users meet has a sentence in English: all events and listed values, and nearly
//! all fields.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::path::Path;

use feishu_events_gen::Sources;
use feishu_events_gen::model::Type;

/// How many of how many, and the names of those that are missing.
#[derive(Default)]
struct Coverage {
    all: usize,
    missing: Vec<String>,
}

impl Coverage {
    fn count(&mut self, documented: bool, name: impl FnOnce() -> String) {
        self.all += 1;
        if !documented {
            self.missing.push(name());
        }
    }

    fn percent(&self) -> f64 {
        let parts = |count: usize| f64::from(u32::try_from(count).unwrap());
        100.0 * parts(self.all - self.missing.len()) / parts(self.all)
    }

    fn assert_at_least(&self, what: &str, percent: f64) {
        eprintln!(
            "{what}: {:.2} % of {} have a sentence",
            self.percent(),
            self.all
        );
        assert!(
            self.percent() >= percent,
            "{what} without a sentence:\n{}",
            self.missing.join("\n")
        );
    }
}

#[test]
fn everything_that_users_meet_has_a_sentence() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let sources = Sources::load(&folder).unwrap();
    let model = sources.model().unwrap();
    assert_eq!(sources.overlay.unused(&model), Vec::<String>::new());
    let [mut events, mut types, mut fields, mut values] = [(); 4].map(|()| Coverage::default());
    for event in &model.events {
        events.count(event.doc.is_some(), || event.schema.event_type.clone());
    }
    for service in &model.services {
        for item in &service.structs {
            let name = format!("{}::{}", service.name, item.name);
            types.count(item.doc.is_some(), || name.clone());
            for field in &item.fields {
                let name = || format!("{name}.{}", field.wire);
                fields.count(field.doc.is_some(), name);
                let named: Vec<&str> = match field.ty.innermost() {
                    Type::Enum(enum_name) => {
                        let item = service.enums.iter().find(|item| item.name == *enum_name);
                        item.unwrap().values.iter().map(|v| &*v.wire).collect()
                    }
                    _ => Vec::new(),
                };
                // `true` and `false` say what they mean; the name of an event is one already.
                let explained = |value: &str| {
                    field.ty == Type::Bool
                        || model.events.iter().any(|e| e.schema.event_type == value)
                };
                for (value, _) in &field.facts.values.0 {
                    if explained(value) {
                        continue;
                    }
                    values.count(named.contains(&&**value), || {
                        format!("{} = {value}", name())
                    });
                }
            }
        }
    }
    values.assert_at_least("listed values", 100.0);
    events.assert_at_least("events", 100.0);
    types.assert_at_least("types", 100.0);
    fields.assert_at_least("fields", 98.0);
}
