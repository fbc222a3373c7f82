//! Maps: a table may describe the keys and the values of one in rows of their own.

use crate::pages::dialect::{FieldRow, Level};
use crate::pages::levels::is_scalar;

/// Removes the rows `key` and `value` below a map: they say of which types its keys and its values are,
/// and which values these can be; no field of the event has these names.
pub(super) fn fold(rows: &mut Vec<FieldRow>) {
    let mut at = 0;
    while at < rows.len() {
        if let Some(type_name) = described(&rows[at..]) {
            let value = rows.drain(at + 1..at + 3).next_back();
            let map = &mut rows[at];
            map.type_name = type_name;
            if let Some(value) = value {
                map.values = value.values;
                map.rules = value.rules;
            }
        }
        at += 1;
    }
}

/// The type of the map that `rows` begin with, if the two rows behind it describe it.
fn described(rows: &[FieldRow]) -> Option<String> {
    let [map, key, value, behind @ ..] = rows else {
        return None;
    };
    let inside = |row: &FieldRow| match (map.level, row.level) {
        (Level::At(map), Level::At(row)) => row == map.saturating_add(1),
        _ => true,
    };
    let deeper = |row: &FieldRow| match (value.level, row.level) {
        (Level::At(value), Level::At(row)) => row > value,
        _ => false,
    };
    let is_map = is_map(&map.type_name)
        && (key.name.as_str(), value.name.as_str()) == ("key", "value")
        && [key, value]
            .iter()
            .all(|row| inside(row) && is_scalar(&row.type_name))
        && !behind.first().is_some_and(deeper);
    is_map.then(|| format!("map<{}, {}>", key.type_name, value.type_name))
}

/// Whether a type is a map: what stands in its objects are keys, not fields.
pub(super) fn is_map(type_name: &str) -> bool {
    let type_name = type_name.trim_end_matches("[]");
    type_name == "map" || type_name.starts_with("map<")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(rows: &[(Level, &str, &str)]) -> String {
        let mut rows: Vec<FieldRow> = rows
            .iter()
            .map(|(level, name, type_name)| FieldRow {
                level: *level,
                name: (*name).to_owned(),
                type_name: (*type_name).to_owned(),
                ..FieldRow::default()
            })
            .collect();
        fold(&mut rows);
        let rows = rows
            .iter()
            .map(|row| format!("{}: {}", row.name, row.type_name));
        rows.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn rows_that_describe_a_map_are_part_of_its_type() {
        for levels in [[Level::Open; 3], [1, 2, 2].map(Level::At)] {
            let rows = [
                (levels[0], "errors", "map<string, error_code>"),
                (levels[1], "key", "string"),
                (levels[2], "value", "int"),
            ];
            assert_eq!(folded(&rows), "errors: map<string, int>");
        }
    }

    #[test]
    fn other_rows_stay() {
        for (name, type_name, level) in [
            ("value", "tree", 2),
            ("value", "string", 1),
            ("name", "string", 2),
        ] {
            let rows = [
                (Level::At(1), "trees", "map<string, tree>"),
                (Level::At(2), "key", "string"),
                (Level::At(level), name, type_name),
            ];
            let expected = format!("trees: map<string, tree>; key: string; {name}: {type_name}");
            assert_eq!(folded(&rows), expected);
        }
        let pair = [
            (Level::At(1), "pair", "pair"),
            (Level::At(2), "key", "string"),
            (Level::At(2), "value", "string"),
        ];
        assert_eq!(folded(&pair), "pair: pair; key: string; value: string");
    }
}
