//! The committed form: keys in a fixed order, two-space indent, one line per row.
//!
//! Written by hand because no serializer mixes both layouts, and one line per row
//! is what makes a change of the documentation a readable diff.

use super::{Document, EventKind, EventSchema, Lark, LarkRow, ListedValues, Row};

pub(super) fn write(schema: &EventSchema) -> String {
    let mut out = String::from("{\n");
    member(&mut out, "event_type", &quoted(&schema.event_type));
    member(&mut out, "title", &quoted(&schema.title));
    if let Some(title) = &schema.title_en {
        member(&mut out, "title_en", &quoted(title));
    }
    if schema.kind == EventKind::Callback {
        member(&mut out, "kind", "\"callback\"");
    }
    member(&mut out, "protocol", &quoted(schema.protocol.as_str()));
    member(&mut out, "document", &document(schema.document.as_ref()));
    optional_list(&mut out, "known_to", &schema.known_to);
    let app_types = strings(schema.app_types.iter().map(|app_type| app_type.as_str()));
    member(&mut out, "app_types", &app_types);
    member(&mut out, "scopes", &strings(&schema.scopes));
    optional_list(&mut out, "field_scopes", &schema.field_scopes);
    optional_list(&mut out, "history_scopes", &schema.history_scopes);
    if let Some(lark) = &schema.lark {
        member(&mut out, "lark", &self::lark(lark));
    }
    out += "  \"fields\": [";
    for (index, field) in schema.fields.iter().enumerate() {
        out += if index == 0 { "\n    " } else { ",\n    " };
        out += &row(field);
    }
    out += if schema.fields.is_empty() {
        "]\n}\n"
    } else {
        "\n  ]\n}\n"
    };
    out
}

fn document(document: Option<&Document>) -> String {
    let Some(document) = document else {
        return "null".to_owned();
    };
    let Document {
        path,
        updated,
        missing_since,
        apart,
    } = document;
    let mut out = format!("{{ \"path\": {}", quoted(path));
    for (key, day) in [("updated", updated), ("missing_since", missing_since)] {
        if let Some(day) = day {
            out += &format!(", \"{key}\": {}", quoted(day));
        }
    }
    if *apart {
        out += ", \"apart\": true";
    }
    out + " }"
}

/// Lark's differences on one line, except for the rows, which have one line each.
fn lark(lark: &Lark) -> String {
    let mut members = Vec::new();
    if lark.only {
        members.push("\"only\": true".to_owned());
    }
    if let Some(page) = &lark.document {
        members.push(format!("\"document\": {}", document(Some(page))));
    }
    if let Some(types) = &lark.app_types {
        let types = strings(types.iter().map(|app_type| app_type.as_str()));
        members.push(format!("\"app_types\": {types}"));
    }
    for (key, list) in [
        ("scopes", &lark.scopes),
        ("field_scopes", &lark.field_scopes),
    ] {
        if let Some(list) = list {
            members.push(format!("\"{key}\": {}", strings(list)));
        }
    }
    if !lark.without.is_empty() {
        members.push(format!("\"without\": {}", strings(&lark.without)));
    }
    if !lark.fields.is_empty() {
        let rows: Vec<String> = lark.fields.iter().map(lark_row).collect();
        members.push(format!("\"fields\": [\n    {}\n  ]", rows.join(",\n    ")));
    }
    if members.is_empty() {
        return "{}".to_owned();
    }
    format!("{{ {} }}", members.join(", "))
}

fn lark_row(row: &LarkRow) -> String {
    let (path, type_name) = (quoted(&row.path), quoted(&row.type_name));
    let mut out = format!("{{ \"path\": {path}, \"type\": {type_name}");
    if !row.scopes.is_empty() {
        out += &format!(", \"scopes\": {}", strings(&row.scopes));
    }
    out + " }"
}

fn member(out: &mut String, key: &str, value: &str) {
    *out += &format!("  \"{key}\": {value},\n");
}

fn optional_list(out: &mut String, key: &str, list: &[String]) {
    if !list.is_empty() {
        member(out, key, &strings(list));
    }
}

fn row(row: &Row) -> String {
    let mut members = vec![("level", row.level.to_string())];
    if row.level_inferred {
        members.push(("level_inferred", "true".to_owned()));
    }
    members.push(("name", quoted(&row.name)));
    members.push(("type", quoted(&row.type_name)));
    let number = |key, n: Option<String>| n.map(|n| (key, n));
    members.extend(row.sample_type.as_ref().map(|t| ("sample_type", quoted(t))));
    members.extend(number("min_len", row.min_len.map(|n| n.to_string())));
    members.extend(number("max_len", row.max_len.map(|n| n.to_string())));
    members.extend(number("min", row.min.as_ref().map(ToString::to_string)));
    members.extend(number("max", row.max.as_ref().map(ToString::to_string)));
    if !row.values.is_empty() {
        members.push(("values", values(&row.values)));
    }
    if !row.values_en.is_empty() {
        members.push(("values_en", values(&row.values_en)));
    }
    if !row.scopes.is_empty() {
        members.push(("scopes", strings(&row.scopes)));
    }
    members.extend(row.from.map(|from| ("from", quoted(from.as_str()))));
    if !row.known_to.is_empty() {
        members.push(("known_to", strings(&row.known_to)));
    }
    members.extend(row.description.as_ref().map(|d| ("description", quoted(d))));
    let members: Vec<String> = members
        .into_iter()
        .map(|(key, value)| format!("\"{key}\": {value}"))
        .collect();
    format!("{{ {} }}", members.join(", "))
}

fn values(values: &ListedValues) -> String {
    let members: Vec<String> = values
        .0
        .iter()
        .map(|(value, label)| format!("{}: {}", quoted(value), quoted(label)))
        .collect();
    format!("{{ {} }}", members.join(", "))
}

fn strings<S: AsRef<str>>(list: impl IntoIterator<Item = S>) -> String {
    let quoted: Vec<String> = list.into_iter().map(|s| quoted(s.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// A JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
