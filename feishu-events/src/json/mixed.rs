//! Values that arrive as a list or as text that stands for one.

use serde_json::Value;

/// The items of a value: those of a list, of text that holds a list as JSON, or the value alone.
pub fn items(value: Option<&Value>) -> Vec<Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Array(items)) => items,
            _ => vec![Value::String(text.clone())],
        },
        Some(other) => vec![other.clone()],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_read_in_each_form() {
        let list = json!([["a", "b"]]);
        let text = json!(r#"[["a","b"]]"#);
        for value in [&list, &text] {
            assert_eq!(items(Some(value)), [json!(["a", "b"])], "{value}");
        }
        assert_eq!(items(Some(&json!("a"))), [json!("a")]);
        assert_eq!(items(Some(&json!({ "a": 1 }))), [json!({ "a": 1 })]);
        assert_eq!(items(None), Vec::<Value>::new());
    }
}
