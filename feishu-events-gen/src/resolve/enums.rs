//! Listed values → open enums, where the overlay has names for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{EnumValue, OpenEnum, Struct, Type};
use crate::names::{self, Taken};
use crate::overlay::{EnumDocs, Overlay};
use crate::schema::ListedValues;

/// The enums of one service that fields have.
pub(super) struct Enums<'a> {
    docs: Option<&'a BTreeMap<String, EnumDocs>>,
    seen: BTreeMap<String, Seen>,
    /// Entries of the overlay that contradict the schemas.
    misfits: BTreeSet<String>,
}

/// What is known about an enum from its fields.
#[derive(Default)]
struct Seen {
    /// How many fields are documented as integers, and how many as other scalars.
    ints: usize,
    texts: usize,
    labels: BTreeMap<String, String>,
}

impl Seen {
    /// Whether most fields are integers. Values of both kinds can be read in either case.
    fn is_int(&self) -> bool {
        self.ints > self.texts || (self.ints == self.texts && self.ints > 0)
    }
}

impl<'a> Enums<'a> {
    pub(super) fn new(service: &'a str, overlay: &'a Overlay) -> Self {
        Self {
            docs: overlay.docs.get(service).map(|docs| &docs.enums),
            seen: BTreeMap::new(),
            misfits: BTreeSet::new(),
        }
    }

    /// Replaces `ty`, the type of the field `at`, by the enum, unless it is not a scalar.
    pub(super) fn see(&mut self, name: &str, ty: &mut Type, at: &str, values: &ListedValues) {
        let mut item = &mut *ty;
        while let Type::List(inner) = item {
            item = inner;
        }
        let is_int = match item {
            Type::Int => true,
            Type::String | Type::Float | Type::Bool => false,
            _ => {
                self.misfits.insert(format!(
                    "`{name}`: `{at}` is documented as an object or any JSON, which can't be an enum"
                ));
                return;
            }
        };
        let seen = self.seen.entry(name.to_owned()).or_default();
        if is_int {
            seen.ints += 1;
        } else {
            seen.texts += 1;
        }
        for (value, label) in &values.0 {
            let known = seen.labels.entry(value.clone()).or_default();
            if known.is_empty() {
                label.clone_into(known);
            }
        }
        *item = Type::Enum(name.to_owned());
    }

    /// The enums with the values of the overlay, the enums that were renamed because a struct has their
    /// name, and the entries that contradict the schemas.
    pub(super) fn finish(
        mut self,
        structs: &BTreeMap<String, Struct>,
    ) -> (Vec<OpenEnum>, BTreeMap<String, String>, Vec<String>) {
        let mut taken = Taken::default();
        taken.extend(structs.keys().cloned());
        let mut enums = Vec::new();
        let mut renamed = BTreeMap::new();
        for (name, seen) in &self.seen {
            let Some(docs) = self.docs.and_then(|docs| docs.get(name)) else {
                continue;
            };
            let free = taken.take(&names::given(name));
            if free != *name {
                self.misfits.insert(format!(
                    "`{name}`: the name is taken, so the enum is called `{free}`"
                ));
                renamed.insert(name.clone(), free.clone());
            }
            enums.push(open_enum(free, docs, seen));
        }
        enums.sort_by(|a, b| a.name.cmp(&b.name));
        (enums, renamed, self.misfits.into_iter().collect())
    }
}

fn open_enum(name: String, docs: &EnumDocs, seen: &Seen) -> OpenEnum {
    // One value that is not an integer makes all of them strings.
    let is_int = seen.is_int() && docs.values.keys().all(|wire| wire.parse::<i64>().is_ok());
    let mut values = Vec::new();
    let mut taken = Taken::default();
    taken.take("Unknown");
    for (wire, (variant, doc)) in &docs.values {
        let label = seen.labels.get(wire).cloned().unwrap_or_default();
        values.push(EnumValue {
            wire: wire.clone(),
            name: taken.take(&names::given(variant)),
            doc: doc.clone(),
            label,
        });
    }
    if is_int {
        values.sort_by_key(|value| value.wire.parse::<i64>().ok());
    }
    OpenEnum {
        name,
        doc: docs.doc.clone(),
        is_int,
        values,
    }
}
