//! Writes schemas of events with all names that could be in the way, and generates their types.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const WORDS: &str = include_str!("words.txt");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=words.txt");
    let out = env::var("OUT_DIR")?;
    let schemas = Path::new(&out).join("schemas");
    for word in WORDS.split_whitespace() {
        // As a service, as an event, as a type and as a field.
        write(&schemas, word, "thing_v1", word)?;
        write(&schemas, "acme", word, word)?;
    }
    write(&schemas, "my-app", "thing_v1", "名称")?;
    // As the name of an enum, and those of its values.
    let docs = r#"{ "service": "Words.", "events": {}, "times": ["at"],
        "enums": { "Option": { "doc": "Values.", "at": ["listed"],
            "values": { "some": ["Some", "One."], "none": ["None", "None."],
                        "unknown": ["Unknown", "Unknown."], "self": ["Self", "Self."] } } } }"#;
    fs::create_dir_all(schemas.join("overlay/docs"))?;
    fs::write(schemas.join("overlay/docs/words.json"), docs)?;
    write(&schemas, "words", "thing_v1", "string")?;
    feishu_events_gen::build(&schemas)?;
    Ok(())
}

fn write(schemas: &Path, service: &str, rest: &str, word: &str) -> Result<(), Box<dyn Error>> {
    // A scalar has no members, so a type of that name can't be an object.
    let inner = match word {
        "bool" | "boolean" | "string" | "str" | "int" | "float" | "number" | "map" => {
            "of_this_name"
        }
        word => word,
    };
    let json = format!(
        r#"{{ "event_type": "{service}.{rest}", "title": "", "protocol": "2.0", "document": null,
  "fields": [
    {{ "level": 0, "name": "event", "type": "-" }},
    {{ "level": 1, "name": "{word}", "type": "{word}_list[]" }},
    {{ "level": 2, "name": "{word}", "type": "{inner}" }},
    {{ "level": 3, "name": "text", "type": "string" }},
    {{ "level": 1, "name": "at", "type": "int" }},
    {{ "level": 1, "name": "labels", "type": "map<string, string>" }},
    {{ "level": 1, "name": "listed", "type": "string", "values": {{ "some": "", "none": "", "unknown": "", "self": "" }} }}
  ] }}"#
    );
    let file = schemas.join(service).join(format!("{rest}.json"));
    fs::create_dir_all(schemas.join(service))?;
    fs::write(file, json)?;
    Ok(())
}
