//! Which objects share a type, and its name.
//!
//! A type without an entry is named after its event and fields. So a new event can never rename an old
//! type: names depend only on the event itself and on these entries.

use std::collections::BTreeMap;

/// The named types of one service: the places of the objects that share each.
///
/// A place is the event's name without its service, and the fields that lead to the object:
/// `department.created_v3/object/leaders`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct TypeNames(pub BTreeMap<String, Vec<String>>);

impl TypeNames {
    /// The form in which the names are committed: one line per type.
    pub fn to_json(&self) -> String {
        let lines: Vec<String> = self
            .0
            .iter()
            .map(|(name, places)| {
                let places: Vec<String> = places.iter().map(|place| format!("{place:?}")).collect();
                format!("  {name:?}: [{}]", places.join(", "))
            })
            .collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// The entries, inverted: place → name.
    pub(crate) fn by_place(&self) -> BTreeMap<&str, &str> {
        let places = self.0.iter().flat_map(|(name, places)| {
            places
                .iter()
                .map(move |place| (place.as_str(), name.as_str()))
        });
        places.collect()
    }
}
