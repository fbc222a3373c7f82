//! The names of types after the documentation has changed: what is named stays so, what is new
//! gets a name, and what no longer fits into a shared type leaves it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use feishu_events_gen::model::{Event, Model, Struct, Type};
use feishu_events_gen::output::write_if_changed;
use feishu_events_gen::{Error, Overlay, SchemaSet, overlay, resolve, suggest_names};
use miette::{Context, IntoDiagnostic, Result};

use crate::diff::Side;

/// Brings `overlay/names` of `schemas` up to date; gives the files that changed, below the root.
///
/// # Errors
/// Schemas or an overlay that can't be read or that nothing can be generated from.
pub(super) fn settle(schemas: &Path, old: &Side) -> Result<Vec<PathBuf>> {
    let folder = schemas.join(overlay::FOLDER);
    let before = Overlay::load(&folder).into_diagnostic()?;
    let mut overlay = before.clone();
    let mut schemas = SchemaSet::load(schemas).into_diagnostic()?;
    let documented = schemas.clone();
    overlay.correct(&mut schemas).into_diagnostic()?;
    let unused = loop {
        match resolve(&schemas, &overlay) {
            Ok(model) => break model.unused_names,
            Err(error) => {
                if !part(&error, &mut overlay, &documented, old) {
                    return Err(error).into_diagnostic();
                }
            }
        }
    };
    forget(&unused, &mut overlay);
    name_new(&schemas, &mut overlay, old)?;
    let mut written = Vec::new();
    for (service, names) in &overlay.names {
        let was = before.names.get(service);
        if was == Some(names) || (was.is_none() && names.0.is_empty()) {
            continue;
        }
        let below = format!("names/{service}.json");
        let file = folder.join(&below);
        let failed = || format!("cannot write `{}`", file.display());
        let done = if names.0.is_empty() {
            fs::remove_file(&file)
        } else {
            write_if_changed(&file, &names.to_json()).map(|_| ())
        };
        done.into_diagnostic().wrap_err_with(failed)?;
        written.push(Path::new("schemas/overlay").join(below));
    }
    Ok(written)
}

/// Takes the places of changed events out of a shared type that no longer fits them; false if that
/// is not what is wrong, or if all of its places changed and a person has to choose.
fn part(error: &Error, overlay: &mut Overlay, new: &SchemaSet, old: &Side) -> bool {
    let Error::Disagree { file, name, .. } = error else {
        return false;
    };
    let service = file
        .strip_prefix("names/")
        .and_then(|file| file.strip_suffix(".json"));
    let Some((service, names)) = service.and_then(|service| {
        let names = overlay.names.get_mut(service)?;
        Some((service, names))
    }) else {
        return false;
    };
    let Some(places) = names.0.get_mut(name) else {
        return false;
    };
    let is_as_it_was = |place: &str| {
        let rest = place.split('/').next().unwrap_or(place);
        let rows = |set: &SchemaSet| {
            let mut files = set.iter();
            let file = files.find(|file| file.service == service && file.rest() == rest);
            file.map(|file| file.schema.fields.clone())
        };
        rows(new) == rows(&old.schemas)
    };
    let (same, changed): (Vec<String>, Vec<String>) =
        places.drain(..).partition(|place| is_as_it_was(place));
    if same.is_empty() || changed.is_empty() {
        return false;
    }
    *places = same;
    true
}

/// Removes the names of what is not there any more: `names/im.json: message.receive_v1/message`.
fn forget(unused: &[String], overlay: &mut Overlay) {
    for entry in unused {
        let Some((file, place)) = entry.split_once(": ") else {
            continue;
        };
        let service = file
            .strip_prefix("names/")
            .and_then(|file| file.strip_suffix(".json"));
        let Some(names) = service.and_then(|service| overlay.names.get_mut(service)) else {
            continue;
        };
        for places in names.0.values_mut() {
            places.retain(|other| other != place);
        }
        names.0.retain(|_, places| !places.is_empty());
    }
}

/// Names objects that are new. One that was there has the name that it has, even if a better one
/// is free now: names don't change because another event came or went.
fn name_new(schemas: &SchemaSet, overlay: &mut Overlay, old: &Side) -> Result<()> {
    let known = known_places(old);
    let suggested = suggest_names(schemas, overlay).into_diagnostic()?;
    for (service, suggested) in suggested {
        let names = overlay.names.entry(service.clone()).or_default();
        for (name, places) in suggested.0 {
            let there = names.0.get(&name).cloned().unwrap_or_default();
            let of_service = known.get(&service);
            let is_new = |place: &String| {
                !there.contains(place) && !of_service.is_some_and(|known| known.contains(place))
            };
            let new: Vec<String> = places.into_iter().filter(is_new).collect();
            if !new.is_empty() {
                names.0.entry(name).or_default().extend(new);
            }
        }
    }
    Ok(())
}

/// The places of the objects that were there, by service.
fn known_places(old: &Side) -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let sources = old.sources(old.overlay.as_ref());
    let Ok(model) = sources.model() else {
        return known;
    };
    for event in &model.events {
        let places = known.entry(event.service.clone()).or_default();
        collect(
            &model,
            event,
            &event.payload,
            &event.rest,
            &mut Vec::new(),
            places,
        );
    }
    known
}

fn collect<'a>(
    model: &'a Model<'_>,
    event: &Event<'_>,
    name: &'a str,
    place: &str,
    open: &mut Vec<&'a str>,
    places: &mut BTreeSet<String>,
) {
    let Some(item) = struct_of(model, &event.service, name).filter(|_| !open.contains(&name))
    else {
        return;
    };
    open.push(name);
    for field in &item.fields {
        if let Type::Struct(inner) = field.ty.innermost() {
            let place = format!("{place}/{}", field.wire);
            collect(model, event, inner, &place, open, places);
            places.insert(place);
        }
    }
    open.pop();
}

fn struct_of<'a>(model: &'a Model<'_>, service: &str, name: &str) -> Option<&'a Struct> {
    let mut services = model.services.iter();
    let service = services.find(|other| other.name == service)?;
    service.structs.iter().find(|item| item.name == name)
}
