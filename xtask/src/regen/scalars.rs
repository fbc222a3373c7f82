//! Fields whose page has begun to list values. If an enum of the overlay applies to them by name, they
//! keep their type, because an addition to the documentation must not break code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use feishu_events_gen::internals::model::{Model, Type};
use feishu_events_gen::internals::output::write_if_changed;
use feishu_events_gen::internals::overlay::{FOLDER, SCALARS};
use feishu_events_gen::internals::{Overlay, SchemaSet, resolve};
use miette::{Context, IntoDiagnostic, Result};

use crate::diff::Side;

/// The types of the fields, by service and `Type.field`.
type Fields = BTreeMap<String, BTreeMap<String, Type>>;

/// The result of updating the list.
#[derive(Default)]
pub(super) struct Kept {
    /// The list, below the root, if it changed.
    pub(super) file: Option<PathBuf>,
    /// Notes on new entries.
    pub(super) by_hand: Vec<String>,
}

/// Updates the list of `schemas`.
///
/// # Errors
/// Schemas or an overlay that can't be read or that nothing can be generated from.
pub(super) fn keep(schemas: &Path, old: &Side) -> Result<Kept> {
    let folder = schemas.join(FOLDER);
    let mut overlay = Overlay::load(&folder).into_diagnostic()?;
    let before = overlay.scalars.clone();
    // With the current overlay, because an enum that was added since is intended.
    let sources = old.sources(Some(&overlay));
    let was = sources.model().map(|model| fields(&model));
    let was = was.unwrap_or_default();
    let mut set = SchemaSet::load(schemas).into_diagnostic()?;
    overlay.correct(&mut set);
    let now = fields(&resolve(&set, &overlay).into_diagnostic()?);

    let mut kept = Kept::default();
    for (service, types) in &now {
        for (field, ty) in types {
            let old = was.get(service).and_then(|types| types.get(field));
            let becomes_enum = matches!(ty, Type::Enum(_))
                && matches!(old, Some(Type::Int | Type::String))
                && !is_named(&overlay, service, field);
            if becomes_enum {
                let list = overlay.scalars.entry(service.clone()).or_default();
                list.insert(field.clone());
                kept.by_hand.push(format!(
                    "schemas/overlay/{SCALARS}: `{field}` of `{service}` keeps its type, although its \
                     page lists values now; without the entry it becomes an enum, a breaking change"
                ));
            }
        }
    }
    overlay.scalars.retain(|service, list| {
        let types = now.get(service);
        list.retain(|field| types.is_some_and(|types| types.contains_key(field)));
        !list.is_empty()
    });
    if overlay.scalars != before {
        write(&folder.join(SCALARS), &overlay.scalars)?;
        kept.file = Some(Path::new("schemas").join(FOLDER).join(SCALARS));
    }
    Ok(kept)
}

/// Whether an enum lists the field as `Type.field`.
fn is_named(overlay: &Overlay, service: &str, field: &str) -> bool {
    let docs = overlay.docs.get(service).into_iter();
    docs.flat_map(|docs| docs.enums.values())
        .any(|docs| docs.at.iter().any(|at| at == field))
}

/// The type of each field; of a list, that of its innermost items.
fn fields(model: &Model<'_>) -> Fields {
    let mut fields = Fields::new();
    for service in &model.services {
        let types = fields.entry(service.name.clone()).or_default();
        for item in &service.structs {
            for field in &item.fields {
                let mut ty = &field.ty;
                while let Type::List(inner) | Type::Map(inner) = ty {
                    ty = inner;
                }
                types.insert(format!("{}.{}", item.name, field.wire), ty.clone());
            }
        }
    }
    fields
}

fn write(file: &Path, scalars: &BTreeMap<String, BTreeSet<String>>) -> Result<()> {
    let done = if scalars.is_empty() {
        fs::remove_file(file)
    } else {
        let text = serde_json::to_string_pretty(scalars).into_diagnostic()?;
        write_if_changed(file, &(text + "\n")).map(|_| ())
    };
    done.into_diagnostic()
        .wrap_err_with(|| format!("cannot write `{}`", file.display()))
}
