//! Fields that a page lacks and SDKs read are typed, until a page documents them.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::path::{Path, PathBuf};

use feishu_events_gen::internals::emit::users_file;
use feishu_events_gen::internals::model::Type;
use feishu_events_gen::internals::schema::EventSchema;
use feishu_events_gen::internals::schema_set::SchemaFile;
use feishu_events_gen::internals::{Overlay, SchemaSet, resolve};

const ADDITIONS: &str = r#"{
  "event_type": "acme.lamp.lit_v1",
  "additions": [
    { "field": "/event/lamp/wick", "type": "object", "known_to": ["go", "node"] },
    { "field": "/event/lamp/wick/length", "type": "int", "known_to": ["go"], "reason": "seen 3 times" },
    { "field": "/event/night", "type": "string", "known_to": ["node"] }
  ]
}"#;

fn set(rows: &str) -> SchemaSet {
    let json = format!(
        r#"{{ "event_type": "acme.lamp.lit_v1", "title": "", "protocol": "2.0", "document": null,
              "fields": [{{ "level": 0, "name": "event", "type": "-" }}, {rows}] }}"#
    );
    let mut set = SchemaSet::default();
    set.insert(SchemaFile {
        service: "acme".to_owned(),
        path: PathBuf::from("acme/lamp.lit_v1.json"),
        schema: EventSchema::from_json(&json).unwrap(),
    })
    .unwrap();
    set
}

fn overlay(text: &str) -> Overlay {
    let mut overlay = Overlay::default();
    let path = Path::new("additions/acme/lamp.lit_v1.json");
    overlay.add(path, path, text).unwrap();
    overlay
}

const LAMP: &str = r#"{ "level": 1, "name": "lamp", "type": "lamp" },
    { "level": 2, "name": "id", "type": "string" }, { "level": 1, "name": "by", "type": "string" }"#;

#[test]
fn an_addition_is_typed_where_it_belongs_and_says_who_knows_it() {
    let mut schemas = set(LAMP);
    assert!(overlay(ADDITIONS).correct(&mut schemas).is_empty());
    let model = resolve(&schemas, &Overlay::default()).unwrap();
    let structs = &model.services[0].structs;
    let fields = |name: &str| -> Vec<(String, Type)> {
        let item = structs.iter().find(|item| item.name == name).unwrap();
        let fields = item.fields.iter();
        fields
            .map(|field| (field.wire.clone(), field.ty.clone()))
            .collect()
    };
    let wick = Type::Struct("LampLitV1LampWick".to_owned());
    assert_eq!(fields("LampLitV1Lamp")[1], ("wick".to_owned(), wick));
    assert_eq!(
        fields("LampLitV1LampWick"),
        [("length".to_owned(), Type::Int)]
    );
    assert_eq!(fields("LampLitV1")[2], ("night".to_owned(), Type::String));
    let text = users_file(&model, "::feishu_events").unwrap();
    assert!(
        text.contains("Not documented; known to go, node."),
        "{text}"
    );
}

#[test]
fn a_page_that_documents_the_field_takes_over() {
    let documented = r#"{ "level": 1, "name": "lamp", "type": "lamp" },
        { "level": 2, "name": "wick", "type": "string" },
        { "level": 1, "name": "night", "type": "int" }"#;
    // What was inside the field has no place any more: the page says that it is text.
    let additions = ADDITIONS.replace("/event/lamp/wick/length", "/event/lamp/oil");
    let mut schemas = set(documented);
    assert!(overlay(&additions).correct(&mut schemas).is_empty());
    let schema = &schemas.get("acme.lamp.lit_v1").unwrap().schema;
    let rows: Vec<(&str, &str, usize)> = schema
        .fields
        .iter()
        .map(|row| (&*row.name, &*row.type_name, row.known_to.len()))
        .collect();
    let expected = [
        ("event", "-", 0),
        ("lamp", "lamp", 0),
        ("wick", "string", 0),
        ("oil", "int", 1),
        ("night", "int", 0),
    ];
    assert_eq!(rows, expected);
    // Schemas with additions are written and read like others.
    let again = EventSchema::from_json(&schema.to_json()).unwrap();
    assert_eq!(again, *schema);
}

#[test]
fn an_addition_to_nothing_is_refused() {
    for (from, to, problem) in [
        (
            "/event/lamp/wick\"",
            "/event/torch/wick\"",
            "exactly one row to add it to",
        ),
        ("[\"go\", \"node\"]", "[]", "needs `known_to`"),
        ("acme.lamp.lit_v1", "acme.lamp.lit_v2", "no such event"),
    ] {
        let error = overlay(&ADDITIONS.replace(from, to)).correct(&mut set(LAMP));
        let error = error[0].to_string();
        assert!(
            error.contains(problem) && error.contains("additions"),
            "{error}"
        );
    }
}

/// What `regen` writes back is what people wrote: nothing but the entries that are gone changes.
#[test]
fn additions_are_written_as_they_are_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let overlay = Overlay::load(&folder.join("overlay")).unwrap();
    assert!(overlay.additions.len() > 50);
    for additions in &overlay.additions {
        let text = std::fs::read_to_string(additions.path()).unwrap();
        assert_eq!(additions.to_json(), text);
    }
    // What a page documents has gone.
    let schemas = SchemaSet::load(&folder).unwrap();
    for mut additions in overlay.additions {
        let documented = additions.remove_documented(&schemas);
        assert_eq!(documented, Vec::<String>::new(), "{:?}", additions.path());
    }
}
