//! What the overlay says comes true, and what it says about nothing is refused.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use feishu_events_gen::internals::model::{Model, Struct, Type};
use feishu_events_gen::internals::schema::EventSchema;
use feishu_events_gen::internals::schema_set::SchemaFile;
use feishu_events_gen::internals::{Overlay, SchemaSet, resolve, suggest_names};

/// A schema of the service `acme`, its rows inside `event` as they are in JSON.
fn schema(rest: &str, rows: &str) -> SchemaFile {
    let json = format!(
        r#"{{ "event_type": "acme.{rest}", "title": "", "protocol": "2.0", "document": null,
              "fields": [{{ "level": 0, "name": "event", "type": "-" }}, {rows}] }}"#
    );
    SchemaFile {
        service: "acme".to_owned(),
        path: PathBuf::from(format!("acme/{rest}.json")),
        schema: EventSchema::from_json(&json).unwrap(),
    }
}

fn set(files: impl IntoIterator<Item = SchemaFile>) -> SchemaSet {
    let mut set = SchemaSet::default();
    for file in files {
        set.insert(file).unwrap();
    }
    set
}

/// An overlay of these files, by path.
fn overlay(files: &[(&str, &str)]) -> Overlay {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Overlay::load(folder.path()).unwrap()
}

fn find<'m>(model: &'m Model<'_>, name: &str) -> &'m Struct {
    let structs = &model.services[0].structs;
    structs.iter().find(|item| item.name == name).unwrap()
}

const LAMP: &str = r#"{ "level": 1, "name": "lamp", "type": "lamp_event" },
    { "level": 2, "name": "id", "type": "string" },
    { "level": 2, "name": "state", "type": "int", "values": { "1": "亮", "2": "灭" } }"#;

#[test]
fn an_entry_gives_its_places_one_type_with_all_their_fields() {
    let more = format!(r#"{LAMP}, {{ "level": 2, "name": "oil", "type": "int" }}"#);
    let schemas = set([
        schema("a_v1", LAMP),
        schema("b_v1", &more),
        schema("c_v1", LAMP),
    ]);
    let names = overlay(&[(
        "names/acme.json",
        r#"{ "Lamp": ["a_v1/lamp", "b_v1/lamp"] }"#,
    )]);
    let model = resolve(&schemas, &names).unwrap();
    let fields: Vec<&str> = find(&model, "Lamp")
        .fields
        .iter()
        .map(|f| &*f.wire)
        .collect();
    assert_eq!(fields, ["id", "state", "oil"]);
    assert_eq!(find(&model, "CV1Lamp").fields.len(), 2);
}

/// The places of the type `Lamp`, in an overlay.
fn lamps(places: &[&str]) -> Overlay {
    overlay(&[("names/acme.json", &format!(r#"{{ "Lamp": {places:?} }}"#))])
}

/// The type of a field.
fn ty(model: &Model<'_>, owner: &str, wire: &str) -> Type {
    let mut fields = find(model, owner).fields.iter();
    fields.find(|field| field.wire == wire).unwrap().ty.clone()
}

#[test]
fn scalars_of_a_shared_type_that_differ_are_text() {
    let other = LAMP.replace(
        r#""name": "id", "type": "string""#,
        r#""name": "id", "type": "int""#,
    );
    let schemas = set([schema("a_v1", LAMP), schema("b_v1", &other)]);
    let model = resolve(&schemas, &lamps(&["a_v1/lamp", "b_v1/lamp"])).unwrap();
    assert_eq!(ty(&model, "Lamp", "id"), Type::String);
    assert_eq!(model.misfits, Vec::<String>::new());
}

/// The same new object in all places of a shared type, or in some of them.
#[test]
fn what_is_inside_a_shared_type_is_shared_and_renames_nothing() {
    let wick = r#"{ "level": 2, "name": "wick", "type": "wick_event" },
        { "level": 3, "name": "length", "type": "int" },
        { "level": 3, "name": "tip", "type": "object" }, { "level": 4, "name": "hot", "type": "bool" }"#;
    let with_wick = format!("{LAMP}, {wick}");
    let more = wick.replace("length", "colour");
    let schemas = set([
        schema("a_v1", &with_wick),
        schema("b_v1", LAMP),
        schema("c_v1", &format!("{LAMP}, {more}")),
    ]);
    let mut names = lamps(&["a_v1/lamp", "b_v1/lamp", "c_v1/lamp"]);
    let model = resolve(&schemas, &names).unwrap();
    let structs = |model: &Model<'_>| -> Vec<String> {
        let structs = model.services[0].structs.iter();
        structs.map(|item| item.name.clone()).collect()
    };
    assert_eq!(
        structs(&model),
        ["AV1", "BV1", "CV1", "Lamp", "LampWick", "LampWickTip"]
    );
    let wick = find(&model, "LampWick").fields.iter();
    let fields: Vec<&str> = wick.map(|field| &*field.wire).collect();
    assert_eq!(fields, ["length", "tip", "colour"]);
    names.names = suggest_names(&schemas, &names, &BTreeMap::new()).unwrap();
    assert_eq!(
        names.names["acme"].0["WickEvent"],
        ["a_v1/lamp/wick", "c_v1/lamp/wick"]
    );
    let model = resolve(&schemas, &names).unwrap();
    assert!(structs(&model).contains(&"WickEvent".to_owned()));
    assert_eq!(model.places["acme"]["b_v1/lamp"], "Lamp");
}

/// Only a scalar against an object, or one against many, is a contradiction.
#[test]
fn a_place_that_contradicts_the_type_has_its_own_and_the_others_keep_the_name() {
    let object = LAMP.replace(
        r#""name": "id", "type": "string" }"#,
        r#""name": "id", "type": "object" }, { "level": 3, "name": "part", "type": "string" }"#,
    );
    let schemas = set([
        schema("a_v1", &object),
        schema("b_v1", LAMP),
        schema("c_v1", LAMP),
    ]);
    let names = lamps(&["b_v1/lamp", "a_v1/lamp", "c_v1/lamp"]);
    let model = resolve(&schemas, &names).unwrap();
    assert_eq!(model.places["acme"]["a_v1/lamp"], "AV1Lamp");
    assert_eq!(model.places["acme"]["a_v1/lamp/id"], "AV1LampId");
    assert_eq!(model.places["acme"]["c_v1/lamp"], "Lamp");
    assert_eq!(
        model.misfits,
        [
            "names/acme.json: `Lamp`: `a_v1/lamp` has a type of its own, because its `id` is not what \
          it is in `b_v1/lamp`"
        ]
    );
}

#[test]
fn names_are_suggested_where_the_documented_one_is_free() {
    let other = r#"{ "level": 1, "name": "lamp", "type": "lamp_event" },
        { "level": 2, "name": "wick", "type": "string" }"#;
    let schemas = set([
        schema("a_v1", LAMP),
        schema("b_v1", other),
        schema("c_v1", LAMP),
    ]);
    let suggested = suggest_names(&schemas, &Overlay::default(), &BTreeMap::new()).unwrap();
    assert_eq!(
        suggested["acme"].to_json(),
        "{\n  \"LampEvent\": [\"a_v1/lamp\", \"c_v1/lamp\"]\n}\n"
    );
    let named = overlay(&[("names/acme.json", r#"{ "Wick": ["b_v1/lamp"] }"#)]);
    let suggested = suggest_names(&schemas, &named, &BTreeMap::new()).unwrap();
    assert_eq!(suggested["acme"].0["Wick"], ["b_v1/lamp"]);
}

#[test]
fn listed_values_become_an_enum_where_they_have_names() {
    let schemas = set([schema("a_v1", LAMP)]);
    let docs = overlay(&[(
        "docs/acme.json",
        r#"{ "service": "Lamps.", "events": { "a_v1": "A lamp was lit." },
             "fields": { "state": "Whether it burns.", "AV1Lamp.id": "Its number." },
             "enums": { "LampState": { "doc": "States.", "at": ["state"],
                 "values": { "1": ["Lit", "It burns."], "2": ["Out", "It does not."] } } } }"#,
    )]);
    let model = resolve(&schemas, &docs).unwrap();
    let lamp = find(&model, "AV1Lamp");
    assert_eq!(lamp.fields[0].doc.as_deref(), Some("Its number."));
    assert_eq!(lamp.fields[1].ty, Type::Enum("LampState".to_owned()));
    let item = &model.services[0].enums[0];
    assert!(item.is_int);
    assert_eq!(
        (&*item.values[1].name, &*item.values[1].label),
        ("Out", "灭")
    );
    assert!(docs.unused(&model).is_empty());
}

#[test]
fn entries_about_nothing_are_told() {
    let schemas = set([schema("a_v1", LAMP)]);
    let overlay = overlay(&[
        (
            "names/acme.json",
            r#"{ "Lamp": ["a_v1/lamp", "a_v1/wick"] }"#,
        ),
        (
            "docs/common.json",
            r#"{ "fields": { "id": "A number.", "colour": "A colour." } }"#,
        ),
        (
            "docs/acme.json",
            r#"{ "service": "Lamps.", "events": { "z_v1": "?" }, "types": { "Wick": "?" },
                 "fields": { "Lamp.wick": "?" }, "times": ["lit_at"],
                 "enums": { "LampState": { "doc": "?", "at": ["state"],
                     "values": { "1": ["Lit", "?"], "3": ["Odd", "?"] } } } }"#,
        ),
        ("docs/none.json", r#"{ "service": "None.", "events": {} }"#),
    ]);
    let model = resolve(&schemas, &overlay).unwrap();
    let expected = [
        "names/acme.json: a_v1/wick",
        "docs/common.json: colour",
        "docs/acme.json: z_v1",
        "docs/acme.json: Wick",
        "docs/acme.json: Lamp.wick",
        "docs/acme.json: lit_at",
        "docs/acme.json: LampState 3",
        "docs/none.json: there is no such service",
    ];
    assert_eq!(overlay.unused(&model), expected);
}

#[test]
fn a_build_names_all_entries_about_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let overlay = r#"{ "service": "Lamps.", "events": { "z_v1": "?" }, "types": { "Wick": "?" } }"#;
    for (path, text) in [
        ("acme/a_v1.json", schema("a_v1", LAMP).schema.to_json()),
        ("overlay/docs/acme.json", overlay.to_owned()),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    assert_eq!(
        feishu_events_gen::generate(folder.path())
            .unwrap_err()
            .to_string(),
        "these entries of the overlay match nothing in the schemas, remove them:\n  \
         overlay/docs/acme.json: z_v1\n  overlay/docs/acme.json: Wick"
    );
}

#[test]
fn an_event_of_ones_own_is_not_said_to_be_known_to_others() {
    let schemas = set([schema("a_v1", LAMP)]);
    let model = resolve(&schemas, &Overlay::default()).unwrap();
    let text = feishu_events_gen::internals::emit::users_file(&model, "::feishu_events").unwrap();
    assert!(
        text.contains("No page of the platform documents it."),
        "{text}"
    );
    assert!(!text.contains("SDK"), "{text}");
}

#[test]
fn a_correction_corrects_or_is_refused() {
    let file = |correction: &str| {
        let text = format!(r#"{{ "event_type": "acme.a_v1", "corrections": [{correction}] }}"#);
        overlay(&[("corrections/acme/a_v1.json", &text)])
    };
    let mut schemas = set([schema("a_v1", LAMP)]);
    let right = r#"{ "field": "/event/lamp/id", "set": { "type": "int" },
                     "reason": "It is counted.", "link": "https://example.com" }"#;
    assert!(file(right).correct(&mut schemas).is_empty());
    assert_eq!(
        schemas.get("acme.a_v1").unwrap().schema.fields[2].type_name,
        "int"
    );
    let refused = |correction: &str| {
        let mut schemas = schemas.clone();
        let error = file(correction).correct(&mut schemas)[0].to_string();
        error.split_once("a_v1.json: ").unwrap().1.to_owned()
    };
    assert_eq!(
        refused(right),
        "`/event/lamp/id`: the row is already as corrected"
    );
    assert_eq!(
        refused(&right.replace("lamp/id", "lamp/wick")),
        "`/event/lamp/wick`: there must be exactly one such row"
    );
    let gone = set([schema("b_v1", LAMP)]);
    let error = &file(right).correct(&mut gone.clone())[0];
    assert!(
        error
            .to_string()
            .ends_with("a_v1.json: `acme.a_v1`: there is no such event"),
        "{error}"
    );
    assert_eq!(
        refused(&right.replace("It is counted.", "")),
        "`/event/lamp/id`: a correction needs a reason and a link that begins with `https://`"
    );
}
