//! Changing one value inside JSON.

use serde_json::{Map, Value};

/// Sets the value at `path`, which has names and indices separated by `.` or `/`, and creates what is
/// missing on the way.
///
/// An index past the end of a list adds one item.
pub(super) fn set(json: &mut Value, path: &str, value: Value) {
    let mut place = json;
    for step in path.split(['.', '/']).filter(|step| !step.is_empty()) {
        place = child(place, step);
    }
    *place = value;
}

fn child<'a>(parent: &'a mut Value, step: &str) -> &'a mut Value {
    if let Some(items) = parent.as_array_mut()
        && let Ok(index) = step.parse::<usize>()
    {
        let index = index.min(items.len());
        if index == items.len() {
            items.push(Value::Null);
        }
        return &mut parent[index];
    }
    if !parent.is_object() {
        *parent = Value::Object(Map::new());
    }
    &mut parent[step]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn replaces_values_and_creates_missing_ones() {
        let mut json = json!({ "object": { "leaders": [{ "leaderID": "a" }], "name": "x" } });
        set(&mut json, "object.leaders.0.leaderID", json!("b"));
        set(&mut json, "/object/leaders/9/leaderID", json!("c"));
        set(&mut json, "object.name.zh_cn", json!("名"));
        set(&mut json, "old_object.order", json!(1));
        assert_eq!(
            json,
            json!({
                "object": {
                    "leaders": [{ "leaderID": "b" }, { "leaderID": "c" }],
                    "name": { "zh_cn": "名" },
                },
                "old_object": { "order": 1 },
            })
        );
    }
}
