//! The part of `schemas/README.md` that lists fields and events known to a single SDK or tool.

use std::fmt::Write as _;
use std::path::Path;

use feishu_events_gen::Error;
use feishu_events_gen::internals::model::Model;
use feishu_events_gen::internals::schema::{EventSchema, row_paths};

use super::marked_block;

/// The file that has the list, below the root of the project.
pub(crate) const FILE: &str = "schemas/README.md";

const MARKS: [&str; 2] = [
    "<!-- single source: written by `cargo xtask generate` -->\n",
    "<!-- end of single source -->\n",
];

/// The page with the current list; `None` if the project has no page with a place for it.
///
/// # Errors
/// A page that exists and cannot be read.
pub(crate) fn page(root: &Path, model: &Model<'_>) -> Result<Option<String>, Error> {
    marked_block::replaced(&root.join(FILE), MARKS, &list(model))
}

fn list(model: &Model<'_>) -> String {
    let schemas = || model.events.iter().map(|event| event.schema);
    let mut rows = String::new();
    let (mut fields, mut events) = (0, 0);
    for schema in schemas() {
        if let [source] = schema.known_to.as_slice() {
            events += 1;
            let _ = writeln!(rows, "| `{}` | {source} | the event |", schema.event_type);
        }
        for (source, paths) in by_source(schema) {
            fields += paths.len();
            let paths = paths.join(", ");
            let _ = writeln!(rows, "| `{}` | {source} | {paths} |", schema.event_type);
        }
    }
    format!(
        "{fields} fields and {events} events have a single entry in `known_to`; their docs name it.\n\n\
         | event | known to | what |\n| --- | --- | --- |\n{rows}"
    )
}

/// The schema's fields with a single source, by source, in document order.
fn by_source(schema: &EventSchema) -> Vec<(&str, Vec<String>)> {
    let mut found: Vec<(&str, Vec<String>)> = Vec::new();
    for place in row_paths(&schema.fields) {
        let [source] = place.row.known_to.as_slice() else {
            continue;
        };
        let names: Vec<&str> = place.names().collect();
        let path = format!("`/{}`", names.join("/"));
        match found.iter_mut().find(|(known, _)| known == source) {
            Some((_, paths)) => paths.push(path),
            None => found.push((source, vec![path])),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::fs;

    use feishu_events_gen::internals::{Overlay, SchemaSet, resolve};

    use super::*;

    #[test]
    fn fields_and_events_with_one_source_are_counted_and_listed() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("schemas/meadow");
        fs::create_dir_all(&folder).expect("a folder");
        let schema = r#"{
            "event_type": "meadow.cow.grazed_v1", "title": "", "protocol": "2.0",
            "document": null, "app_types": [], "scopes": [], "known_to": ["go"],
            "fields": [
                { "level": 0, "name": "event", "type": "-" },
                { "level": 1, "name": "cow", "type": "object" },
                { "level": 2, "name": "name", "type": "string", "known_to": ["go"] },
                { "level": 2, "name": "herd", "type": "string", "known_to": ["go", "java"] },
                { "level": 1, "name": "grass", "type": "string", "known_to": ["java"] }
            ]
        }"#;
        fs::write(folder.join("cow.grazed_v1.json"), schema).expect("written");
        let schemas = SchemaSet::load(&root.path().join("schemas")).expect("schemas");
        let overlay = Overlay::default();
        let model = resolve(&schemas, &overlay).expect("a model");
        assert_eq!(page(root.path(), &model).expect("no page"), None);

        let [begin, end] = MARKS;
        let readme = root.path().join(FILE);
        fs::write(&readme, format!("before\n{begin}old\n{end}after\n")).expect("written");
        let text = page(root.path(), &model).expect("a page").expect("a place");
        for line in [
            "2 fields and 1 events have",
            "| `meadow.cow.grazed_v1` | go | the event |\n",
            "| `meadow.cow.grazed_v1` | go | `/event/cow/name` |\n",
            "| `meadow.cow.grazed_v1` | java | `/event/grass` |\n",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert!(!text.contains("old") && text.ends_with("after\n"), "{text}");
    }
}
