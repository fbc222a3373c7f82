//! Docs in English, written by hand.

use std::collections::{BTreeMap, BTreeSet};

use super::Overlay;

/// Docs of fields that recur in many services.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonDocs {
    /// One sentence for a field, by its name.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The names of fields that hold a point in time: Unix time in seconds or parts of seconds.
    #[serde(default)]
    pub times: BTreeSet<String>,
}

/// Docs of one service.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceDocs {
    /// One sentence for the service.
    pub service: String,
    /// One sentence for an event, by its name without the service.
    pub events: BTreeMap<String, String>,
    /// One sentence for a type; without one, the sentence of a field of this type is used.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// One sentence for a field, by `name` or, where the meaning differs, by `Type.name`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The fields that hold a point in time, as in `fields`, beyond those of all services.
    #[serde(default)]
    pub times: BTreeSet<String>,
    /// The fields that do not, although fields of the same name in other services do.
    #[serde(default)]
    pub not_times: BTreeSet<String>,
    /// The enums, by their Rust names.
    #[serde(default)]
    pub enums: BTreeMap<String, EnumDocs>,
}

/// Values that the documentation lists, with names and meanings.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnumDocs {
    /// One sentence for the enum.
    pub doc: String,
    /// The fields of this type, as in [`ServiceDocs::fields`]. A bare name means the fields of this
    /// name whose values are listed.
    pub at: Vec<String>,
    /// The values on the wire, each with the name of its variant and one sentence.
    pub values: BTreeMap<String, (String, String)>,
}

/// What the overlay says about one field.
#[derive(Debug, Clone, Default)]
pub struct FieldNote {
    /// What it means.
    pub doc: Option<String>,
    /// Whether it holds a point in time.
    pub is_time: bool,
    /// The name of its enum, if it has one.
    pub enum_name: Option<String>,
}

impl Overlay {
    /// What the overlay says about the field `wire` of the type `owner`.
    pub(crate) fn field(&self, service: &str, owner: &str, wire: &str, listed: bool) -> FieldNote {
        let exact = format!("{owner}.{wire}");
        let common = self.common.fields.get(wire);
        let Some(docs) = self.docs.get(service) else {
            return FieldNote {
                doc: common.cloned(),
                is_time: self.common.times.contains(wire),
                enum_name: None,
            };
        };
        let stays = self.scalars.get(service);
        let listed = listed && !stays.is_some_and(|fields| fields.contains(&exact));
        let own = docs.fields.get(&exact).or_else(|| docs.fields.get(wire));
        let in_set = |set: &BTreeSet<String>| set.contains(&exact) || set.contains(wire);
        let is_here = |at: &String| *at == exact || (listed && at == wire);
        // An entry for `Type.field` takes precedence over one for the field's name.
        let by_place = |place: &str| {
            let mut enums = docs.enums.iter();
            enums.find(|(_, docs)| docs.at.iter().any(|at| at == place && is_here(at)))
        };
        let found = by_place(&exact).or_else(|| by_place(wire));
        FieldNote {
            doc: own.or(common).cloned(),
            is_time: in_set(&docs.times)
                || (self.common.times.contains(wire) && !in_set(&docs.not_times)),
            enum_name: found.map(|(name, _)| name.clone()),
        }
    }

    /// The sentence for an event, by its name without the service.
    pub(crate) fn event(&self, service: &str, rest: &str) -> Option<String> {
        self.docs.get(service)?.events.get(rest).cloned()
    }

    /// The sentence for a type.
    pub(crate) fn type_doc(&self, service: &str, name: &str) -> Option<String> {
        self.docs.get(service)?.types.get(name).cloned()
    }
}
