//! What the names of types hold, learned from pages that give levels.

use std::collections::{BTreeMap, BTreeSet};

use feishu_events_gen::internals::schema::{Row, RowPath, Scalar, row_paths};

/// The names of the fields that types have, by the name of the type.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TypeNames(BTreeMap<String, BTreeSet<String>>);

/// The type of the envelope's header; it is the same everywhere.
const HEADER: (&str, [&str; 6]) = (
    "event_header",
    [
        "event_id",
        "event_type",
        "create_time",
        "token",
        "app_id",
        "tenant_key",
    ],
);

impl TypeNames {
    /// Learns from the rows of an event; rows whose level is itself a guess teach nothing.
    pub fn learn(&mut self, rows: &[Row]) {
        if rows.iter().any(|row| row.level_inferred) {
            return;
        }
        for RowPath { outer, row } in row_paths(rows) {
            if let Some(name) = outer.last().and_then(|parent| element(&parent.type_name)) {
                let fields = self.0.entry(name.to_owned()).or_default();
                fields.insert(row.name.clone());
            }
            if let Some(name) = element(&row.type_name) {
                self.0.entry(name.to_owned()).or_default();
            }
        }
    }

    /// Whether values of the type have a field `name`; nothing if that isn't known.
    pub(in crate::pages::levels) fn has(&self, type_name: &str, name: &str) -> Option<bool> {
        if type_name.starts_with("map<") || type_name == "map" {
            return Some(matches!(name, "key" | "value"));
        }
        let element = element(type_name)?;
        if element == HEADER.0 {
            return Some(HEADER.1.contains(&name));
        }
        Some(self.0.get(element)?.contains(name))
    }

    /// Whether values of the type have fields; nothing if that isn't known.
    pub(in crate::pages::levels) fn has_any(&self, type_name: &str) -> Option<bool> {
        let element = element(type_name)?;
        if element == HEADER.0 {
            return Some(true);
        }
        self.0.get(element).map(|fields| !fields.is_empty())
    }
}

/// The name of a type that means the same on every page, without the brackets of a list.
fn element(type_name: &str) -> Option<&str> {
    let name = type_name.trim_end_matches("[]");
    let tells_nothing = is_scalar(name)
        || matches!(name, "object" | "list" | "array" | "map" | "-" | "/-" | "")
        || name.contains(['<', '/', ' ']);
    (!tells_nothing).then_some(name)
}

/// Whether values of the type have no fields, nor have those in a list of it.
pub(crate) fn is_scalar(type_name: &str) -> bool {
    Scalar::documented(type_name.trim_end_matches("[]")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_learned_by_their_rows() {
        let row = |level, name: &str, type_name: &str| Row {
            level,
            name: name.to_owned(),
            type_name: type_name.to_owned(),
            ..Row::default()
        };
        let mut names = TypeNames::default();
        names.learn(&[
            row(0, "event", "-"),
            row(1, "trees", "tree[]"),
            row(2, "height", "int"),
            row(2, "leaf", "leaf"),
            row(1, "owner", "string"),
        ]);
        assert_eq!(names.has("tree", "height"), Some(true));
        assert_eq!(names.has("tree[]", "owner"), Some(false));
        assert_eq!(names.has_any("leaf"), Some(false));
        for unknown in ["-", "string", "object", "stone"] {
            assert_eq!(names.has(unknown, "owner"), None, "{unknown}");
        }
        assert_eq!(names.has("map<string, tree>", "value"), Some(true));
    }
}
