//! What several unit tests need.

use std::fs;
use std::path::Path;

use feishu_events_gen::internals::SchemaSet;

/// Writes the schema of one event below `root`, as the project has its schemas, and reads it.
pub(crate) fn one_schema(root: &Path) -> SchemaSet {
    let folder = root.join("schemas/meadow");
    fs::create_dir_all(&folder).expect("a folder");
    let schema = r#"{
        "event_type": "meadow.cow.grazed_v1", "title": "", "protocol": "2.0",
        "document": null, "app_types": [], "scopes": [],
        "fields": [{ "level": 0, "name": "event", "type": "-" }]
    }"#;
    fs::write(folder.join("cow.grazed_v1.json"), schema).expect("written");
    SchemaSet::load(&root.join("schemas")).expect("schemas")
}
