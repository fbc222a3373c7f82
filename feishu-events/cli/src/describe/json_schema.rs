//! The payload of an event as JSON Schema, from what the types of this version read.

use feishu_events::{EventType, Field, FieldKind};
use serde_json::{Map, Value, json};

/// The schema of the event's payload, indented.
///
/// Nothing is required, since the platform leaves out what an app has no scope for, and every listing
/// of values is open.
pub(crate) fn of(event: EventType) -> String {
    let fields = event.fields();
    let mut schema = object(&fields, "");
    let facts = [
        (
            "$schema",
            json!("https://json-schema.org/draft/2020-12/schema"),
        ),
        ("title", json!(event.title())),
        ("x-feishu-event-type", json!(event.as_str())),
        ("x-feishu-protocol", json!(event.protocol().to_string())),
        ("x-feishu-document", json!(event.document())),
        ("x-feishu-updated", json!(event.document_updated())),
        (
            "x-feishu-scopes",
            names(event.scopes().iter().map(|scope| scope.name)),
        ),
        ("x-feishu-field-scopes", field_scopes(event)),
    ];
    for (name, value) in facts {
        let is_empty = value.is_null()
            || value.as_str().is_some_and(str::is_empty)
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_object().is_some_and(Map::is_empty);
        if !is_empty {
            schema[name] = value;
        }
    }
    // A `Value` is always text.
    serde_json::to_string_pretty(&schema).unwrap_or_default()
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    names.collect::<Vec<_>>().into()
}

fn field_scopes(event: EventType) -> Value {
    let fields = event.field_scopes().iter();
    let fields = fields.map(|field| {
        let any_of = field.any_of.iter().map(|scope| scope.name);
        (field.path.to_owned(), names(any_of))
    });
    Value::Object(fields.collect())
}

/// The fields directly inside `path`.
fn object(fields: &[Field], path: &str) -> Value {
    let inside = fields.iter().filter_map(|field| {
        let (above, name) = field.path.rsplit_once('/')?;
        (above == path).then(|| {
            (
                name.replace("~1", "/").replace("~0", "~"),
                value(fields, field),
            )
        })
    });
    let properties: Map<String, Value> = inside.collect();
    json!({ "type": "object", "properties": properties })
}

fn value(fields: &[Field], field: &Field) -> Value {
    let inner = |step: &str| {
        let path = format!("{}/{step}", field.path);
        let inner = fields.iter().find(|other| other.path == path);
        inner.map_or_else(|| json!(true), |inner| value(fields, inner))
    };
    let plain = |name: &str| match field.values.as_slice() {
        [] => json!({ "type": name }),
        // Other values arrive too.
        values => json!({ "anyOf": [{ "enum": values }, { "type": name }] }),
    };
    match field.kind {
        FieldKind::Text => plain("string"),
        FieldKind::Int => plain("integer"),
        FieldKind::Float => plain("number"),
        FieldKind::Boolean => plain("boolean"),
        FieldKind::Object => object(fields, &field.path),
        FieldKind::List => json!({ "type": "array", "items": inner("-") }),
        FieldKind::Map => json!({ "type": "object", "additionalProperties": inner("*") }),
        FieldKind::TextOrObject => {
            json!({ "anyOf": [{ "type": "string" }, object(fields, &field.path)] })
        }
        // Any JSON.
        _ => json!(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_enums_and_scopes_have_their_place() {
        let schema: Value =
            serde_json::from_str(&of(EventType::ContactDepartmentUpdatedV3)).unwrap();
        let leaders = &schema["properties"]["object"]["properties"]["leaders"];
        assert_eq!(leaders["type"], "array");
        let kind = &leaders["items"]["properties"]["leaderType"];
        assert_eq!(kind["anyOf"][0]["enum"], json!([1, 2]));
        assert_eq!(kind["anyOf"][1]["type"], "integer");
        let scopes = &schema["x-feishu-field-scopes"]["/object/leaders/-/leaderID"];
        assert!(scopes.is_array(), "{schema}");
    }
}
