//! Which types come of which schemas, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::path::PathBuf;

use feishu_events_gen::Error;
use feishu_events_gen::internals::model::{Model, Type};
use feishu_events_gen::internals::schema::EventSchema;
use feishu_events_gen::internals::schema_set::SchemaFile;
use feishu_events_gen::internals::{Overlay, SchemaSet, emit};

/// Where this project's generated files are.
const LAYOUT: emit::Layout<'_> = emit::Layout {
    types: "feishu-events/src/generated",
    macros: "feishu-events-macros/src/generated",
    manifest: "feishu-events/Cargo.toml",
};

/// A schema of the service `acme` with these rows inside `event`: level, name, type.
fn schema(rest: &str, rows: &[(u8, &str, &str)]) -> SchemaFile {
    let rows: Vec<String> = rows
        .iter()
        .map(|(level, name, ty)| {
            format!(r#",{{ "level": {level}, "name": "{name}", "type": "{ty}" }}"#)
        })
        .collect();
    let json = format!(
        r#"{{ "event_type": "acme.{rest}", "title": "t", "protocol": "2.0",
              "document": {{ "path": "/p" }},
              "fields": [{{ "level": 0, "name": "event", "type": "-" }}{}] }}"#,
        rows.concat()
    );
    SchemaFile {
        service: "acme".to_owned(),
        path: PathBuf::from(format!("acme/{rest}.json")),
        schema: EventSchema::from_json(&json).unwrap(),
    }
}

fn set(files: &[SchemaFile]) -> SchemaSet {
    let mut set = SchemaSet::default();
    for file in files {
        set.insert(file.clone()).unwrap();
    }
    set
}

/// Resolves without an overlay.
fn resolve(schemas: &SchemaSet) -> Result<Model<'_>, Error> {
    feishu_events_gen::internals::resolve(schemas, &Overlay::default())
}

fn names(model: &Model<'_>) -> Vec<String> {
    model.services[0]
        .structs
        .iter()
        .map(|s| s.name.clone())
        .collect()
}

/// The types of the fields of one struct.
fn fields(model: &Model<'_>, name: &str) -> Vec<(String, Type)> {
    let structs = &model.services[0].structs;
    let found = structs.iter().find(|s| s.name == name).unwrap();
    found
        .fields
        .iter()
        .map(|field| (field.name.clone(), field.ty.clone()))
        .collect()
}

#[test]
fn a_type_without_an_entry_is_named_for_its_place() {
    let rows = [
        (1, "lamps", "object[]"),
        (2, "oil", "object"),
        (3, "level", "int"),
    ];
    let set = set(&[schema("lamp.lit_v1", &rows)]);
    let model = resolve(&set).unwrap();
    assert_eq!(
        names(&model),
        ["LampLitV1", "LampLitV1Lamps", "LampLitV1LampsOil"]
    );
}

#[test]
fn types_are_read_as_they_are_spelled() {
    let rows = [
        (1, "type", "string"),
        (1, "leaderID", "int64"),
        (1, "ratio", "float"),
        (1, "on", "bool"),
        (1, "names", "string[]"),
        (1, "labels", "map<string, string>"),
        (1, "anything", "object"),
        (1, "some", "list"),
        (1, "user", "whatever"),
        (2, "open_id", "string"),
        (2, "union_id", "string"),
        (2, "user_id", "string"),
    ];
    let set = set(&[schema("lamp.lit_v1", &rows)]);
    let model = resolve(&set).unwrap();
    let list = |item| Type::List(Box::new(item));
    let expected = [
        ("r#type", Type::String),
        ("leader_id", Type::Int),
        ("ratio", Type::Float),
        ("on", Type::Bool),
        ("names", list(Type::String)),
        ("labels", Type::Map(Box::new(Type::String))),
        ("anything", Type::Json),
        ("some", list(Type::Json)),
        ("user", Type::UserId),
    ];
    let expected: Vec<_> = expected.map(|(name, ty)| (name.to_owned(), ty)).into();
    assert_eq!(fields(&model, "LampLitV1"), expected);
}

#[test]
fn maps_and_the_two_forms_of_an_id_have_types() {
    let rows = [
        (1, "errors", "map<string, int>"),
        (1, "texts", "map<string, string>"),
        (2, "key", "string"),
        (2, "value", "string"),
        (1, "groups", "Map<string,string[]>"),
        (1, "whatever", "map<string, any>"),
        (1, "speaker", "string | user_id"),
    ];
    let set = set(&[schema("lamp.lit_v1", &rows)]);
    let model = resolve(&set).unwrap();
    let types: Vec<Type> = fields(&model, "LampLitV1")
        .into_iter()
        .map(|f| f.1)
        .collect();
    let map = |value| Type::Map(Box::new(value));
    let expected = [
        map(Type::Int),
        map(Type::String),
        map(Type::List(Box::new(Type::String))),
        map(Type::Json),
        Type::PersonId,
    ];
    assert_eq!(types, expected);
    assert_eq!(names(&model), ["LampLitV1"]);
}

#[test]
fn a_list_that_the_sample_shows_as_text_is_kept_as_it_comes() {
    let mut file = schema("lamp.lit_v1", &[(1, "nights", "string[]")]);
    file.schema.fields[1].sample_type = Some("string".to_owned());
    let set = set(&[file]);
    let model = resolve(&set).unwrap();
    assert_eq!(fields(&model, "LampLitV1")[0].1, Type::Mixed);
    let text = feishu_events_gen::internals::emit::users_file(&model, "::feishu_events").unwrap();
    assert!(text.contains("pub fn nights_items("), "{text}");
}

#[test]
fn the_sample_settles_what_the_table_leaves_open() {
    let mut file = schema(
        "lamp.lit_v1",
        &[
            (1, "lamps", "string[]"),
            (2, "id", "string"),
            (1, "oil", "object"),
        ],
    );
    let model_of = |file: &SchemaFile| {
        let set = set(std::slice::from_ref(file));
        fields(&resolve(&set).unwrap(), "LampLitV1")
    };
    // Rows inside a list of scalars, and no sample that shows an object: whatever comes is kept.
    assert_eq!(model_of(&file)[0].1, Type::Mixed);
    file.schema.fields[1].sample_type = Some("object[]".to_owned());
    file.schema.fields[3].sample_type = Some("string[]".to_owned());
    let fields = model_of(&file);
    assert_eq!(
        fields[0].1,
        Type::List(Box::new(Type::Struct("LampLitV1Lamps".to_owned())))
    );
    assert_eq!(fields[1].1, Type::List(Box::new(Type::String)));
}

#[test]
fn every_field_has_a_name_of_its_own() {
    let rows = [
        (1, "leaderID", "string"),
        (1, "leader_id", "string"),
        (1, "名称", "string"),
        (1, "-", "int"),
        (1, "self", "int"),
        (1, "leader_id", "int"),
    ];
    let set = set(&[schema("lamp.lit_v1", &rows)]);
    let fields = fields(&resolve(&set).unwrap(), "LampLitV1");
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    // What is called so on the wire has the name, whichever stands first.
    assert_eq!(
        names,
        ["leader_id_2", "leader_id", "u540d_u79f0", "u2d", "self_"]
    );
}

#[test]
fn a_schema_without_a_payload_is_refused() {
    let mut file = schema("lamp.lit_v1", &[]);
    file.schema.fields.clear();
    assert_eq!(
        resolve(&set(&[file])).unwrap_err().to_string(),
        "acme/lamp.lit_v1.json: no row at level 0 is named `event`"
    );
}

#[test]
fn of_two_types_of_one_name_the_second_gets_a_number() {
    let lamp = |rest: &str| {
        let rows = [(1, "wick", "wick_event"), (2, "burns", "bool")];
        schema(rest, &rows)
    };
    // The object `wick` of the one is named as the other.
    let set = set(&[lamp("lamp"), lamp("lamp_wick")]);
    let model = resolve(&set).unwrap();
    let names: Vec<(&str, &str)> = model.places["acme"]
        .iter()
        .map(|(place, name)| (place.as_str(), name.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("lamp", "Lamp"),
            ("lamp/wick", "LampWick2"),
            ("lamp_wick", "LampWick"),
            ("lamp_wick/wick", "LampWickWick"),
        ]
    );
}

#[test]
fn a_schema_in_the_wrong_place_or_twice_is_refused() {
    let file = schema("lamp.lit_v1", &[]);
    let mut set = SchemaSet::default();
    let mut misplaced = file.clone();
    misplaced.path = PathBuf::from("acme/lamp.json");
    assert_eq!(
        set.insert(misplaced).unwrap_err().to_string(),
        "acme/lamp.json: documents `acme.lamp.lit_v1`, which belongs in `acme/lamp.lit_v1.json`"
    );
    set.insert(file.clone()).unwrap();
    assert_eq!(
        set.insert(file).unwrap_err().to_string(),
        "`acme.lamp.lit_v1` is documented in acme/lamp.lit_v1.json and in acme/lamp.lit_v1.json"
    );
}

#[test]
fn the_emitted_module_is_this() {
    let rows = [
        (1, "lamp", "lamp_event"),
        (2, "type", "string"),
        (2, "leaderID", "string"),
        (1, "keepers", "user_id[]"),
        (2, "union_id", "string"),
        (2, "user_id", "string"),
        (2, "open_id", "string"),
    ];
    let mut file = schema("lamp.lit_v1", &rows);
    let text = file.schema.to_json();
    file.schema = EventSchema::from_json(&text).unwrap();
    assert_eq!(
        file.schema.to_json(),
        text,
        "a schema is written as it was read"
    );
    let row = &mut file.schema.fields[2];
    row.max_len = Some(8);
    row.values.0 = vec![
        ("oil".into(), "灯油".into()),
        ("gas".into(), "<b>_gas_".into()),
    ];
    row.scopes = vec!["acme:lamp:readonly".into()];
    file.schema.scopes = vec!["acme:lamp".into(), "acme:old".into()];
    file.schema.history_scopes = vec!["acme:old".into()];
    let set = set(&[file]);
    let model = resolve(&set).unwrap();
    let manifest = "[features]\n# @generated by `cargo xtask generate`: a feature for each service\n# end of what is generated\n\n[lints]\n";
    let output = emit::emit(&model, LAYOUT, manifest).unwrap();
    insta::assert_snapshot!(
        output
            .get("feishu-events/src/generated/services/acme.rs")
            .unwrap()
    );
    insta::assert_snapshot!("manifest", output.get(LAYOUT.manifest).unwrap());
    let error = emit::emit(&model, LAYOUT, "[features]\n").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("feishu-events/Cargo.toml: no line `# @generated")
    );
}

#[test]
fn descriptions_that_a_user_scraped_become_docs() {
    let mut file = schema("lamp.lit_v1", &[(1, "oil", "int")]);
    file.schema.fields[1].description = Some("How much *oil* is left.\n\nIn drops.".to_owned());
    let text = file.schema.to_json();
    assert_eq!(EventSchema::from_json(&text).unwrap(), file.schema);
    let set = set(&[file]);
    let manifest = "# @generated by `cargo xtask generate`: a feature for each service\n# end of what is generated\n";
    let output = emit::emit(&resolve(&set).unwrap(), LAYOUT, manifest).unwrap();
    let module = output
        .get("feishu-events/src/generated/services/acme.rs")
        .unwrap();
    assert!(
        module.contains("/// How much \\*oil\\* is left.\n    ///\n    /// In drops.\n"),
        "{module}"
    );
}
