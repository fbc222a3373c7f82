//! A schema of one's own whose types are none is refused, in one line that says where.

#![allow(clippy::unwrap_used, reason = "a test that fails may do so at once")]

use std::fs;

use tempfile::TempDir;

/// What a build script would end with for a schema with these rows, one a line, inside `event`.
fn refusal(document: &str, rows: &[(u8, &str, &str)]) -> Option<String> {
    let folder = TempDir::new().unwrap();
    let service = folder.path().join("acme");
    fs::create_dir(&service).unwrap();
    #[allow(clippy::format_collect)] // a few rows
    let rows: String = rows
        .iter()
        .map(|(level, name, spelled)| {
            format!(",\n{{ \"level\": {level}, \"name\": \"{name}\", \"type\": \"{spelled}\" }}")
        })
        .collect();
    let schema = format!(
        "{{ \"event_type\": \"acme.lamp.lit_v1\", \"title\": \"\", \"protocol\": \"2.0\",
           \"document\": {document}, \"fields\": [
           {{ \"level\": 0, \"name\": \"event\", \"type\": \"object\" }}{rows}] }}"
    );
    fs::write(service.join("lamp.lit_v1.json"), schema).unwrap();
    let error = feishu_events_gen::generate(folder.path()).err()?;
    // `main` of a build script prints it with `Debug`.
    let shown = format!("{error:?}");
    assert!(shown.contains("acme/lamp.lit_v1.json: row "), "{shown}");
    assert_eq!(shown.lines().count(), 1, "{shown}");
    Some(shown)
}

#[test]
fn a_misspelt_type_names_file_row_and_the_type_that_was_meant() {
    for (spelled, meant) in [
        ("intt", "int"),
        ("Strng", "string"),
        ("str", "string"),
        ("text", "string"),
        ("boolen", "boolean"),
        ("flaot", "float"),
        ("objct", "object"),
        ("intt[]", "int[]"),
        ("map<string,strin>", "map<string, string>"),
    ] {
        let refusal = refusal("null", &[(1, "id", "string"), (1, "oil", spelled)]).unwrap();
        for part in [
            "row 3: `oil` ",
            &format!("`{spelled}`"),
            &format!("Did you mean `{meant}`?"),
        ] {
            assert!(refusal.contains(part), "{part} in {refusal}");
        }
    }
}

#[test]
fn a_name_that_is_like_none_is_refused_without_a_guess() {
    let refusal = refusal("null", &[(1, "oil", "lamp")]).unwrap();
    assert!(!refusal.contains("Did you mean"), "{refusal}");
    assert!(
        refusal.contains("The types are string, int, float, boolean, object, "),
        "{refusal}"
    );
    assert!(refusal.contains("whose members follow"), "{refusal}");
}

#[test]
fn rows_inside_a_value_without_members_are_refused() {
    let refusal = refusal("null", &[(1, "oil", "int"), (2, "kind", "string")]).unwrap();
    assert!(
        refusal.contains("row 2: `oil` is of type `int`"),
        "{refusal}"
    );
    assert!(refusal.contains("`kind` in row 3"), "{refusal}");
}

#[test]
fn every_spelling_that_is_understood_is_taken() {
    let rows = [
        (1, "a", "string"),
        (1, "b", "int64"),
        (1, "c", "bool[]"),
        (1, "d", "any"),
        (1, "e", "list"),
        (1, "f", "map<string, string>"),
        (1, "lamp", "lamp"),
        (2, "oil", "object"),
        (1, "lamps", "lamp[]"),
        (2, "oil", "number"),
    ];
    assert_eq!(refusal("null", &rows), None);
}

/// Pages call types whatever they like, and can't be made to call them otherwise.
#[test]
fn what_a_page_says_is_any_json() {
    let rows = [(1, "oil", "lamp_oil")];
    assert_eq!(refusal(r#"{ "path": "/p" }"#, &rows), None);
}
