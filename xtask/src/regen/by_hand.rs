//! What no command can do: words in English, names of values, entries that are about nothing now.

use std::collections::BTreeSet;

use feishu_events_gen::model::{Model, Type};

use crate::diff::Side;

/// The part of the report that says what is left to do; empty if nothing is.
pub(super) fn section(old: &Side, new: &Side, unused: &[String], set_aside: &[String]) -> String {
    let before = wordless(old);
    let mut lines: Vec<String> = wordless(new).difference(&before).cloned().collect();
    lines.extend(unused.iter().map(|entry| {
        format!("`schemas/overlay/{entry}`: nothing is left that this entry is about; remove it")
    }));
    lines.extend(set_aside.iter().map(|misfit| {
        let (file, problem) = misfit.split_once(": ").unwrap_or((misfit, ""));
        format!("`schemas/overlay/{file}`: {problem}")
    }));
    if lines.is_empty() {
        return String::new();
    }
    let mut text =
        "\n## Left to do by hand\n\nIn `schemas/overlay`, then `cargo xtask regen` again; \
                    its README tells how.\n\n"
            .to_owned();
    for line in lines {
        text += &format!("- {line}\n");
    }
    text
}

/// What has no sentence in English or no name yet.
fn wordless(side: &Side) -> BTreeSet<String> {
    match side.sources(side.overlay.as_ref()).model() {
        Ok(model) => wordless_in(&model),
        // Nothing could be generated from it, and that has stopped the run or was so before it.
        Err(_) => BTreeSet::new(),
    }
}

fn wordless_in(model: &Model<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for event in model.events.iter().filter(|event| event.doc.is_none()) {
        let name = &event.schema.event_type;
        found.insert(format!("`{name}`: a sentence on what happened"));
    }
    for service in &model.services {
        for item in &service.structs {
            for field in &item.fields {
                let place = format!("`{}::{}.{}`", service.name, item.name, field.name);
                if field.doc.is_none() {
                    found.insert(format!("{place}: a sentence on what it is"));
                }
                let Type::Enum(name) = field.ty.innermost() else {
                    continue;
                };
                let item = service.enums.iter().find(|item| item.name == *name);
                let named = |value: &str| {
                    item.is_some_and(|item| item.values.iter().any(|named| named.wire == value))
                };
                let values = field.facts.values.0.iter();
                for (value, _) in values.filter(|(value, _)| !named(value)) {
                    let name = format!("`{}::{name}`", service.name);
                    found.insert(format!("{name}: a name for the value `{value}`"));
                }
            }
        }
    }
    found
}
