//! Listed values → open enums, where the overlay has names for them.

use std::collections::BTreeMap;

use super::claim;
use crate::error::{Error, Result};
use crate::model::{EnumValue, OpenEnum, Struct, Type};
use crate::overlay::{EnumDocs, Overlay};
use crate::schema::ListedValues;

/// The enums of one service that fields have.
pub(super) struct Enums<'a> {
    service: &'a str,
    docs: Option<&'a BTreeMap<String, EnumDocs>>,
    seen: BTreeMap<String, Seen>,
}

/// What the fields of one enum say of it.
struct Seen {
    is_int: bool,
    labels: BTreeMap<String, String>,
}

impl<'a> Enums<'a> {
    pub(super) fn new(service: &'a str, overlay: &'a Overlay) -> Self {
        Self {
            service,
            docs: overlay.docs.get(service).map(|docs| &docs.enums),
            seen: BTreeMap::new(),
        }
    }

    /// Makes `ty`, the type of a field of the enum, that enum.
    pub(super) fn see(&mut self, name: &str, ty: &mut Type, values: &ListedValues) -> Result<()> {
        let mut item = &mut *ty;
        while let Type::List(inner) = item {
            item = inner;
        }
        let is_int = match item {
            Type::Int => true,
            Type::String => false,
            other => {
                let problem = format!("a field of the enum is documented as {other:?}");
                return Err(self.disagree(name, problem));
            }
        };
        let seen = self.seen.entry(name.to_owned()).or_insert(Seen {
            is_int,
            labels: BTreeMap::new(),
        });
        if seen.is_int != is_int {
            let problem = "it is documented as int and as string".to_owned();
            return Err(self.disagree(name, problem));
        }
        for (value, label) in &values.0 {
            let known = seen.labels.entry(value.clone()).or_default();
            if known.is_empty() {
                label.clone_into(known);
            }
        }
        *item = Type::Enum(name.to_owned());
        Ok(())
    }

    /// The enums, with the values of the overlay.
    ///
    /// # Errors
    /// An enum with the name of a struct, two variants of one name, an integer that is none.
    pub(super) fn finish(self, structs: &BTreeMap<String, Struct>) -> Result<Vec<OpenEnum>> {
        let mut enums = Vec::new();
        for (name, seen) in &self.seen {
            let Some(docs) = self.docs.and_then(|docs| docs.get(name)) else {
                continue;
            };
            if structs.contains_key(name) {
                return Err(self.disagree(name, "a struct has this name".to_owned()));
            }
            enums.push(self.open_enum(name, docs, seen)?);
        }
        Ok(enums)
    }

    fn open_enum(&self, name: &str, docs: &EnumDocs, seen: &Seen) -> Result<OpenEnum> {
        let mut values = Vec::new();
        let mut taken = BTreeMap::new();
        for (wire, (variant, doc)) in &docs.values {
            if seen.is_int && wire.parse::<i64>().is_err() {
                return Err(self.disagree(name, format!("`{wire}` is no integer")));
            }
            if let Some(first) = claim(&mut taken, variant, wire) {
                let problem = format!("`{first}` and `{wire}` are both named `{variant}`");
                return Err(self.disagree(name, problem));
            }
            let label = seen.labels.get(wire).cloned().unwrap_or_default();
            values.push(EnumValue {
                wire: wire.clone(),
                name: variant.clone(),
                doc: doc.clone(),
                label,
            });
        }
        if seen.is_int {
            values.sort_by_key(|value| value.wire.parse::<i64>().ok());
        }
        Ok(OpenEnum {
            name: name.to_owned(),
            doc: docs.doc.clone(),
            is_int: seen.is_int,
            values,
        })
    }

    fn disagree(&self, name: &str, problem: String) -> Error {
        Error::Disagree {
            file: format!("docs/{}.json", self.service),
            name: name.to_owned(),
            problem,
        }
    }
}
